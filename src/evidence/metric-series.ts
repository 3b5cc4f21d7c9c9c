/** Selects the CloudWatch series that are read for a service, and the role of each. */
import type { MetricIdentity } from "../domain/alert.ts";
import type { MetricRole } from "../domain/evidence.ts";
import type { TargetGroupReading, TaskReading } from "../domain/reading.ts";
import { shortId } from "./facts/task-facts.ts";
import type { MetricQuery } from "./ports.ts";
import { clusterName, isAboutService, type SeriesTrust, type ServiceScope, trustOf } from "./series-trust.ts";
import type { EvidenceContext } from "./source.ts";
import { symptomRole } from "./symptom-role.ts";
import { pairsOf } from "./target-group-pairs.ts";
import { ALARM_QUERY, inputsOf, type WatchedMetric } from "./watched-metric.ts";

export interface PlannedSeries {
  readonly query: MetricQuery;
  /** The same of the alternate target group: the two are told as one series. */
  readonly also?: readonly MetricQuery[];
  readonly role: MetricRole;
  readonly label: string;
  readonly unit: string;
  readonly taskId?: string;
  /** True for the series that the alarm watches, as AWS has the alarm. */
  readonly isAlarm?: boolean;
  /** True for the series that the trigger's words name, where AWS knows no alarm behind it. */
  readonly isSymptom?: boolean;
  readonly trust: SeriesTrust;
}

/** The most tasks with series of their own. */
const MAX_TASK_SERIES = 25;

/**
 * Returns every series to read for this service, the alarm's own included.
 * @param watched what the alarm watches, as AWS has it
 */
export function planSeries(
  context: EvidenceContext,
  groups: readonly TargetGroupReading[],
  running: readonly TaskReading[],
  watched: WatchedMetric | undefined,
): PlannedSeries[] {
  const { target, timing, trustedNamespaces = [] } = context;
  const scope: ServiceScope = { target, groups, running, trustedNamespaces };
  const planned: PlannedSeries[] = [];
  const add = (
    role: MetricRole,
    namespace: string,
    name: string,
    statistic: string,
    dimensions: Record<string, string>,
    unit: string,
    taskId?: string,
    others: readonly Record<string, string>[] = [],
  ) => {
    const [metric, ...also] = [dimensions, ...others].map((one) => ({
      namespace,
      name,
      statistic,
      dimensions: one,
      periodSeconds: timing.metricPeriodSeconds,
    })) as [MetricIdentity, ...MetricIdentity[]];
    const id = `q${planned.length}`;
    planned.push({
      role,
      unit,
      label: taskId === undefined ? name : `${name} of task ${shortId(taskId)}`,
      query: { id, metric },
      trust: trustOf([metric, ...also], scope),
      ...(taskId === undefined ? {} : { taskId }),
      ...(also.length === 0
        ? {}
        : { also: also.map((one, index) => ({ id: `${id}_${index + 1}`, metric: one })) }),
    });
  };
  const service = { ClusterName: clusterName(target), ServiceName: target.service };
  // Uses the alarm's own statistic for the same metric, so that its threshold applies.
  const plain = watched?.math === undefined ? watched?.metric : undefined;
  const own = plain?.namespace === "AWS/ECS" && isAboutService(plain, scope) ? plain : undefined;
  const statistic = (name: string, otherwise: string) => (own?.name === name ? own.statistic : otherwise);
  add("cpu", "AWS/ECS", "CPUUtilization", statistic("CPUUtilization", "Average"), service, "%");
  add("memory", "AWS/ECS", "MemoryUtilization", statistic("MemoryUtilization", "Maximum"), service, "%");
  add("running-tasks", "ECS/ContainerInsights", "RunningTaskCount", "Average", service, "tasks");
  /** A network load balancer counts connections, and neither requests nor errors nor latency. */
  const addNetwork = (pair: readonly TargetGroupReading[]) => {
    const [first, ...others] = pair.flatMap(({ networkDimension, targetGroupDimension }) =>
      networkDimension === undefined
        ? []
        : [{ LoadBalancer: networkDimension, TargetGroup: targetGroupDimension }],
    );
    if (first === undefined) return;
    const unhealthy = ["unhealthy-hosts", "AWS/NetworkELB", "UnHealthyHostCount", "Maximum"] as const;
    add(...unhealthy, first, "targets", undefined, others);
  };
  for (const pair of pairsOf(groups)) {
    const sides = pair.flatMap(({ loadBalancerDimension, targetGroupDimension }) =>
      loadBalancerDimension === undefined
        ? []
        : [{ LoadBalancer: loadBalancerDimension, TargetGroup: targetGroupDimension }],
    );
    const [first, ...others] = sides;
    if (first === undefined) {
      addNetwork(pair);
      continue;
    }
    const ofGroup = (role: MetricRole, name: string, statistic: string, unit: string) =>
      add(role, "AWS/ApplicationELB", name, statistic, first, unit, undefined, others);
    ofGroup("requests", "RequestCount", "Sum", "requests");
    ofGroup("errors-5xx", "HTTPCode_Target_5XX_Count", "Sum", "responses");
    add(
      "elb-5xx",
      "AWS/ApplicationELB",
      "HTTPCode_ELB_5XX_Count",
      "Sum",
      { LoadBalancer: first.LoadBalancer },
      "responses",
    );
    ofGroup("latency-p50", "TargetResponseTime", "p50", "s");
    ofGroup("latency-p99", "TargetResponseTime", "p99", "s");
    ofGroup("unhealthy-hosts", "UnHealthyHostCount", "Maximum", "targets");
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
  if (watched !== undefined) return withAlarmSeries(planned, watched, scope);
  const symptom = symptomRole(context.alert);
  return planned.map((series) =>
    series.role === symptom && series.taskId === undefined ? { ...series, isSymptom: true } : series,
  );
}

/** Marks the series that the alarm watches, and adds it when it is not among the usual ones. */
function withAlarmSeries(
  planned: readonly PlannedSeries[],
  watched: WatchedMetric,
  scope: ServiceScope,
): PlannedSeries[] {
  const { metric, math } = watched;
  const own =
    math === undefined && planned.find(({ query, also }) => !also && isSameSeries(query.metric, metric));
  if (own) return planned.map((series) => (series === own ? { ...series, isAlarm: true } : series));
  const kin = math === undefined ? planned.find((series) => isKin(series, metric, scope)) : undefined;
  const added: PlannedSeries = {
    role: kin?.role ?? "alarm",
    label: metric.name,
    unit: kin?.unit ?? (math === undefined ? unitOf(metric.name) : ""),
    isAlarm: true,
    query: math === undefined ? { id: `q${planned.length}`, metric } : { id: ALARM_QUERY, metric, math },
    trust: trustOf(inputsOf(watched), scope),
  };
  return [added, ...planned];
}

/**
 * Whether a series of another statistic or period plays the role of a planned one. A role goes by namespace, name and
 * dimensions: a metric of the same name in a namespace of an application is no kin, unless the policy trusts it.
 */
function isKin({ query, taskId }: PlannedSeries, metric: MetricIdentity, scope: ServiceScope): boolean {
  const { namespace, name } = query.metric;
  return (
    taskId === undefined &&
    metric.name === name &&
    (metric.namespace === namespace || scope.trustedNamespaces.includes(metric.namespace)) &&
    isAboutService(metric, scope)
  );
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
