/** Selects the CloudWatch series that are read for a service, and the role of each. */
import type { MetricIdentity } from "../domain/alert.ts";
import type { MetricRole } from "../domain/evidence.ts";
import type { TargetGroupReading, TaskReading } from "../domain/reading.ts";
import { shortId } from "./facts/task-facts.ts";
import type { MetricQuery } from "./ports.ts";
import type { EvidenceContext } from "./source.ts";
import { watchedMetric } from "./watched-metric.ts";

export interface PlannedSeries {
  readonly query: MetricQuery;
  readonly role: MetricRole;
  readonly label: string;
  readonly unit: string;
  readonly taskId?: string;
  /** True for the series whose alarm opened the incident. */
  readonly isAlarm?: boolean;
}

/** The most tasks with series of their own. */
const MAX_TASK_SERIES = 25;

/** Returns every series to read for this service, the alarm's own included. */
export function planSeries(
  context: EvidenceContext,
  groups: readonly TargetGroupReading[],
  running: readonly TaskReading[],
): PlannedSeries[] {
  const { target, timing } = context;
  const planned: PlannedSeries[] = [];
  const add = (
    role: MetricRole,
    namespace: string,
    name: string,
    statistic: string,
    dimensions: Record<string, string>,
    unit: string,
    taskId?: string,
    periodSeconds = timing.metricPeriodSeconds,
  ) => {
    planned.push({
      role,
      unit,
      label: taskId === undefined ? name : `${name} of task ${shortId(taskId)}`,
      query: { id: `q${planned.length}`, metric: { namespace, name, statistic, dimensions, periodSeconds } },
      ...(taskId === undefined ? {} : { taskId }),
    });
  };
  const service = { ClusterName: target.cluster, ServiceName: target.service };
  const watched = watchedMetric(context.alert, target, timing.metricPeriodSeconds);
  // Uses the alarm's own statistic for the same metric, so that its threshold applies.
  const statistic = (name: string, otherwise: string) =>
    watched?.metric.name === name ? watched.metric.statistic : otherwise;
  add("cpu", "AWS/ECS", "CPUUtilization", statistic("CPUUtilization", "Average"), service, "%");
  add("memory", "AWS/ECS", "MemoryUtilization", statistic("MemoryUtilization", "Maximum"), service, "%");
  add("running-tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average", service, "tasks");
  for (const group of groups) {
    if (group.loadBalancerDimension === undefined) continue;
    const dimensions = { LoadBalancer: group.loadBalancerDimension, TargetGroup: group.targetGroupDimension };
    add("requests", "AWS/ApplicationELB", "RequestCount", "Sum", dimensions, "requests");
    add("errors-5xx", "AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", dimensions, "responses");
    add(
      "elb-5xx",
      "AWS/ApplicationELB",
      "HTTPCode_ELB_5XX_Count",
      "Sum",
      { LoadBalancer: group.loadBalancerDimension },
      "responses",
    );
    add("latency-p50", "AWS/ApplicationELB", "TargetResponseTime", "p50", dimensions, "s");
    add("latency-p99", "AWS/ApplicationELB", "TargetResponseTime", "p99", dimensions, "s");
    add("unhealthy-hosts", "AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", dimensions, "targets");
  }
  for (const task of running.slice(0, MAX_TASK_SERIES)) {
    const dimensions = { ...service, TaskId: task.id };
    add("task-cpu", "ECS/ContainerInsights", "TaskCpuUtilization", "Average", dimensions, "%", task.id);
    add("task-memory", "ECS/ContainerInsights", "TaskMemoryUtilization", "Maximum", dimensions, "%", task.id);
    add(
      "task-disk",
      "ECS/ContainerInsights",
      "TaskEphemeralStorageUtilization",
      "Maximum",
      dimensions,
      "%",
      task.id,
    );
  }
  // Tells one leaking task from all of them where no task has a series of its own.
  add("memory-lowest", "AWS/ECS", "MemoryUtilization", "Minimum", service, "%");
  return watched === undefined ? planned : withAlarmSeries(planned, watched.metric);
}

/** Marks the series that the alarm watches, and adds it when it is not among the usual ones. */
function withAlarmSeries(planned: readonly PlannedSeries[], metric: MetricIdentity): PlannedSeries[] {
  const own = planned.find(({ query }) => isSameSeries(query.metric, metric));
  if (own !== undefined)
    return planned.map((series) => (series === own ? { ...series, isAlarm: true } : series));
  const kin = planned.find(({ query, taskId }) => query.metric.name === metric.name && taskId === undefined);
  const added: PlannedSeries = {
    role: kin?.role ?? "alarm",
    label: metric.name,
    unit: kin?.unit ?? unitOf(metric.name),
    isAlarm: true,
    query: { id: `q${planned.length}`, metric },
  };
  return [added, ...planned];
}

function isSameSeries(one: MetricIdentity, other: MetricIdentity): boolean {
  const flat = ({ namespace, name, statistic, dimensions, periodSeconds }: MetricIdentity) =>
    JSON.stringify([namespace, name, statistic, periodSeconds, Object.entries(dimensions).sort()]);
  return flat(one) === flat(other);
}

function unitOf(name: string): string {
  if (/Utilization/.test(name)) return "%";
  if (/Time$/.test(name)) return "s";
  return "";
}
