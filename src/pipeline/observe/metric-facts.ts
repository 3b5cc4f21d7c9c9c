/** The service's series of the last hour, each with its shape: what is usual, what it is now, since when. */
import type { MetricRole, SeriesSummary } from "../../domain/evidence.ts";
import type { Point, TargetGroupReading, TaskReading } from "../../domain/reading.ts";
import type { MetricQuery, Window } from "../ports.ts";
import { goodSide, newestAreInside, withSymptomOnset, withThreshold } from "./known-onset.ts";
import { summarizeSeries } from "./metric-reading/index.ts";
import type { FactDraft, ObserveContext } from "./source.ts";
import { shortId } from "./task-facts.ts";
import { amount, clock } from "./times.ts";
import { type WatchedMetric, watchedMetric } from "./watched-metric.ts";

interface PlannedSeries {
  readonly query: MetricQuery;
  readonly role: MetricRole;
  readonly label: string;
  readonly unit: string;
  readonly taskId?: string;
}

type MetricDraft = Extract<FactDraft, { kind: "metric" }>;

/** At most this many tasks are looked at one by one. */
const MAX_TASK_SERIES = 25;
const MAX_CHART_POINTS = 120;
const MAX_TASK_CHART_POINTS = 30;

/** Whole periods only: a period that is still running would look like a drop. */
export function metricWindow(context: ObserveContext): Window {
  const period = context.timing.metricPeriodSeconds * 1000;
  const to = Math.floor(context.now / period) * period;
  return { from: to - context.timing.metricWindowMinutes * 60_000, to };
}

/** Reads every series of the service in one batch and returns one fact for each that has data. */
export async function metricFacts(
  context: ObserveContext,
  groups: readonly TargetGroupReading[],
  running: readonly TaskReading[],
  signal: AbortSignal,
): Promise<MetricDraft[]> {
  const planned = planSeries(context, groups, running);
  const window = metricWindow(context);
  const answers = await context.readers.metrics.series(
    planned.map((series) => series.query),
    window,
    { signal },
  );
  const read = planned.flatMap((series) => {
    const points = answers.get(series.query.id) ?? [];
    const summary = summarize(series, points, context);
    return summary === undefined ? [] : [{ series, points, ...summary }];
  });
  const onset = read.find(({ series }) => series.role === "alarm")?.summary.onset;
  return read.map((one) =>
    toFact(
      onset === undefined
        ? one
        : { ...one, summary: withSymptomOnset(one.summary, one.points, Date.parse(onset)) },
    ),
  );
}

function planSeries(
  context: ObserveContext,
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
  if (watched !== undefined) {
    const { namespace, name, statistic, dimensions, periodSeconds } = watched.metric;
    add("alarm", namespace, name, statistic, dimensions, unitOf(name), undefined, periodSeconds);
  }
  // The alarm's own statistic where it is about the same metric, so that its threshold can be held against it.
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
  }
  return planned;
}

function unitOf(name: string): string {
  if (/Utilization/.test(name)) return "%";
  if (/Time$/.test(name)) return "s";
  return "";
}

/** Better low, better high, or neither: what a departure means. */
const COUNTS_ERRORS = /5XX|Errors?$/i;

const GOOD_DIRECTION: Partial<Record<MetricRole, "low" | "high">> = {
  cpu: "low",
  memory: "low",
  "errors-5xx": "low",
  "elb-5xx": "low",
  "latency-p50": "low",
  "latency-p99": "low",
  "unhealthy-hosts": "low",
  "task-cpu": "low",
  "task-memory": "low",
  "running-tasks": "high",
};

/** The load balancer reports error counts only when there are errors; silence is zero while requests flow. */
const ABSENT_IS_ZERO: ReadonlySet<MetricRole> = new Set(["errors-5xx", "elb-5xx"]);

interface SummarizedSeries {
  readonly series: PlannedSeries;
  readonly points: readonly Point[];
  readonly summary: SeriesSummary;
  /** Set where the alarm's threshold is about this very series. */
  readonly watched?: WatchedMetric;
}

function summarize(
  series: PlannedSeries,
  points: readonly Point[],
  context: ObserveContext,
): Pick<SummarizedSeries, "summary" | "watched"> | undefined {
  const { metric } = series.query;
  const alarm = watchedMetric(context.alert, context.target, context.timing.metricPeriodSeconds);
  const isAlarms = alarm?.metric.name === metric.name && alarm.metric.statistic === metric.statistic;
  const watched = isAlarms && series.taskId === undefined ? alarm : undefined;
  const good = GOOD_DIRECTION[series.role] ?? (watched && goodSide(watched));
  const silent = ABSENT_IS_ZERO.has(series.role) || COUNTS_ERRORS.test(metric.name);
  const summary = summarizeSeries(points, {
    periodSeconds: metric.periodSeconds,
    alarmAt: Date.parse(context.alert.firedAt),
    ...(good === undefined ? {} : { goodDirection: good }),
    ...(silent && points.length > 0 ? { absentIsZero: metricWindow(context) } : {}),
  });
  if (summary === undefined) return undefined;
  return watched === undefined ? { summary } : { summary: withThreshold(summary, points, watched), watched };
}

function toFact({ series, points, summary, watched }: SummarizedSeries): MetricDraft {
  const { metric } = series.query;
  const threshold = watched?.threshold;
  const change =
    summary.onset === undefined
      ? `steady at ${amount(summary.current)}${space(series.unit)}, usually ${amount(summary.baseline)}`
      : `${summary.direction === "down" ? "fell" : "rose"} from ${amount(summary.baseline)} to ${amount(summary.current)}${space(series.unit)} since ${clock(summary.onset)} (${summary.shape}, peak ${amount(summary.max)})`;
  return {
    kind: "metric",
    provenance: "metric",
    ...(summary.onset === undefined ? {} : { at: summary.onset }),
    statement: `${series.label} (${metric.statistic}, ${series.role}) ${change}${threshold === undefined ? "" : `; alarm threshold ${amount(threshold)}`}.`,
    data: {
      role: series.role,
      label: series.label,
      unit: series.unit,
      statistic: metric.statistic,
      periodSeconds: metric.periodSeconds,
      summary,
      points: points
        .slice(series.taskId === undefined ? -MAX_CHART_POINTS : -MAX_TASK_CHART_POINTS)
        .map(({ t, v }): [number, number] => [t, v]),
      ...(series.taskId === undefined ? {} : { taskId: series.taskId }),
      ...(watched === undefined
        ? {}
        : { threshold: watched.threshold, insideThreshold: newestAreInside(points, watched) }),
    },
  };
}

function space(unit: string): string {
  return unit === "" ? "" : ` ${unit}`;
}

/** Series that show harm to users; a departure of any other may be chance or a slow drift. */
const SYMPTOMS: ReadonlySet<MetricRole> = new Set([
  "errors-5xx",
  "elb-5xx",
  "unhealthy-hosts",
  "latency-p99",
]);

/** When the symptom began: in the alarm's own series, else in the first symptom series, else the alarm's time. */
export function onsetOf(facts: readonly MetricDraft[], firedAt: string): string {
  const own = facts.find((fact) => fact.data.role === "alarm")?.data.summary.onset;
  if (own !== undefined) return own;
  const onsets = facts
    .filter((fact) => SYMPTOMS.has(fact.data.role))
    .flatMap((fact) => fact.data.summary.onset ?? [])
    .filter((onset) => onset <= firedAt);
  return onsets.sort()[0] ?? firedAt;
}
