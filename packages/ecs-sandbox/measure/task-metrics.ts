import { reservationOf } from "../ecs/capacity.ts";
import type { Service, Task } from "../ecs/model.ts";
import type { MetricSample } from "../telemetry/types.ts";

/**
 * CPU in percent of the task's CPU units (1024 = one vCPU; may pass 100 on EC2) and memory in percent of what it
 * reserves: its soft limit if it has one, else its hard one.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
 */
export interface TaskLoad {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
}

/** The load of a running task from the last usage of its containers that run; undefined before the first. */
export function loadOf(task: Task): TaskLoad | undefined {
  const used = task.containers.flatMap(({ status, usage }) => (status === "RUNNING" ? (usage ?? []) : []));
  if (used.length === 0) return undefined;
  const { cpu: cpuUnits, memory: memoryMiB } = reservationOf(task.definition);
  const cores = used.reduce((sum, usage) => sum + usage.cpuCores, 0);
  const bytes = used.reduce((sum, usage) => sum + usage.rssBytes, 0);
  return {
    cpuPercent: cpuUnits === 0 ? 0 : (cores * 1024 * 100) / cpuUnits,
    memoryPercent: memoryMiB === 0 ? 0 : (bytes * 100) / (memoryMiB * 1024 * 1024),
  };
}

/** Returns the ephemeral storage of a running task in GiB, reserved and used. One GiB is one MiB of this machine. */
function diskUseOf(task: Task): { readonly reserved: number; readonly used: number } | undefined {
  const pid = task.containers.find((container) => container.process?.running())?.process?.pid;
  const used = pid === undefined ? undefined : task.disk?.usedBytes(pid);
  if (!task.disk || used === undefined) return undefined;
  return { reserved: task.disk.limitBytes / 1_048_576, used: used / 1_048_576 };
}

/**
 * One second of a service's metrics. `AWS/ECS` gets one sample a task, so that its statistics over tasks
 * work, and nothing when no task runs, as on AWS.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-enhanced-observability-metrics-ECS.html
 */
export function serviceSamples(service: Service, tasks: readonly Task[], at: number): MetricSample[] {
  const dimensions = { ClusterName: service.cluster.name, ServiceName: service.name };
  const samples: MetricSample[] = [];
  const enhanced = service.cluster.insights === "enhanced";
  for (const task of tasks.filter((one) => one.status === "RUNNING")) {
    const load = loadOf(task);
    if (!load) continue;
    const base = { dimensions, unit: "Percent" as const, at };
    samples.push({ ...base, namespace: "AWS/ECS", name: "CPUUtilization", value: load.cpuPercent });
    samples.push({ ...base, namespace: "AWS/ECS", name: "MemoryUtilization", value: load.memoryPercent });
    if (!enhanced) continue;
    const own = {
      ...base,
      namespace: "ECS/ContainerInsights",
      dimensions: { ...dimensions, TaskId: task.id },
    };
    samples.push({ ...own, name: "TaskCpuUtilization", value: load.cpuPercent });
    samples.push({ ...own, name: "TaskMemoryUtilization", value: load.memoryPercent });
    const disk = diskUseOf(task);
    if (!disk) continue;
    samples.push({
      ...own,
      name: "TaskEphemeralStorageUtilization",
      value: (disk.used / disk.reserved) * 100,
    });
  }
  if (service.cluster.insights === "disabled") return samples;
  for (const disk of tasks.flatMap((task) => (task.status === "RUNNING" ? (diskUseOf(task) ?? []) : []))) {
    const base = { namespace: "ECS/ContainerInsights", dimensions, at };
    samples.push({ ...base, name: "EphemeralStorageReserved", value: disk.reserved });
    samples.push({ ...base, name: "EphemeralStorageUtilized", value: disk.used });
  }
  const counts = {
    RunningTaskCount: tasks.filter((task) => task.status === "RUNNING").length,
    PendingTaskCount: tasks.filter((task) => task.status === "PENDING").length,
    DesiredTaskCount: service.desiredCount,
  };
  for (const [name, value] of Object.entries(counts)) {
    samples.push({ namespace: "ECS/ContainerInsights", name, dimensions, value, unit: "Count", at });
  }
  return samples;
}
