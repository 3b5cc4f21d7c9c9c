import type { Service, Task } from "../ecs/model.ts";
import { tasksOf } from "../ecs/state.ts";
import { targetsOf } from "../ecs/tasks/task-health.ts";
import { loadOf } from "../measure/task-metrics.ts";
import { callInside, type Range } from "../range.ts";
import type { Stage } from "./stage.ts";

/** What is really going on, for drivers and tests: processes, health, load, alarms. */
export async function stateView(range: Range, stage: Stage | undefined): Promise<Record<string, unknown>> {
  const services = [...range.ecs.state.services.values()];
  return {
    at: new Date(range.world.now()).toISOString(),
    services: services.map((service) => serviceState(range, service)),
    load: stage ? { pid: stage.load.pid, ...stage.load.counts() } : null,
    alarms: await alarmStates(range),
  };
}

function serviceState(range: Range, service: Service): Record<string, unknown> {
  const tasks = tasksOf(range.ecs.state, service);
  return {
    name: service.name,
    status: service.status,
    desired: service.desiredCount,
    running: tasks.filter((task) => task.status === "RUNNING").length,
    pending: tasks.filter((task) => task.status === "PENDING").length,
    steady: service.steady,
    tasks: tasks.map((task) => taskState(range, task)),
  };
}

function taskState(range: Range, task: Task): Record<string, unknown> {
  const [container] = task.containers;
  const [target] = targetsOf(task);
  const load = task.status === "STOPPED" ? undefined : loadOf(task);
  return {
    arn: task.arn,
    id: task.id,
    status: task.status,
    pid: container?.process?.pid,
    port: container?.bindings[0]?.hostPort,
    target: target && range.elb.targetGroups.health(target.targetGroupArn, target.address).state,
    memoryMiB: container?.usage && Math.round(container.usage.rssBytes / 1_048_576),
    memoryPercent: load && round(load.memoryPercent),
    cpuPercent: load && round(load.cpuPercent),
    startedAt: task.startedAt,
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    exitCode: container?.exitCode,
    containerReason: container?.reason,
  };
}

async function alarmStates(range: Range): Promise<Record<string, unknown>[]> {
  if (!range.services.some((service) => Object.hasOwn(service.operations, "DescribeAlarms"))) return [];
  const described = await callInside(range, "DescribeAlarms", {
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  const listOf = (name: string) => (described[name] ?? []) as readonly Record<string, unknown>[];
  const alarms = [...listOf("MetricAlarms"), ...listOf("CompositeAlarms")];
  return alarms.map((alarm) => ({
    name: alarm["AlarmName"],
    arn: alarm["AlarmArn"],
    state: alarm["StateValue"],
    reason: alarm["StateReason"],
  }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
