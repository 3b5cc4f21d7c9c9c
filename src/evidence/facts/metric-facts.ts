/** The service's series of the last hour, each with its baseline, current level, onset and shape. */
import { summarizeSeries } from "../../../packages/signals/index.ts";
import type { MetricRole, SeriesSummary } from "../../domain/evidence.ts";
import type { Point, TargetGroupReading, TaskReading } from "../../domain/reading.ts";
import { goodSide, newestAreInside, withSymptomOnset, withThreshold } from "../known-onset.ts";
import { type PlannedSeries, planSeries } from "../metric-series.ts";
import type { Window } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { amount, clock } from "../times.ts";
import { type WatchedMetric, watchedMetric } from "../watched-metric.ts";
import { arePartOf, withSilence } from "./error-silence.ts";

type MetricDraft = Extract<FactDraft, { kind: "metric" }>;

const MAX_CHART_POINTS = 120;
const MAX_TASK_CHART_POINTS = 30;

/** Whole periods only: a running period would look like a drop. */
export function metricWindow(context: EvidenceContext): Window {
  const period = context.timing.metricPeriodSeconds * 1000;
  const to = Math.floor(context.now / period) * period;
  return { from: to - context.timing.metricWindowMinutes * 60_000, to };
}

/** Reads every series of the service in one batch and returns one fact for each with data. */
export async function metricFacts(
  context: EvidenceContext,
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
  const answered = ({ query }: PlannedSeries) => usable(answers.get(query.id) ?? []);
  const withZeros = ({ query: { metric } }: PlannedSeries, reported: readonly Point[]) => {
    const requests = planned.filter(
      ({ role, query }) => role === "requests" && arePartOf(metric, query.metric),
    );
    return withSilence(reported, requests.flatMap(answered), window.to - metric.periodSeconds * 1000);
  };
  const read = planned.flatMap((series) => {
    const reported = answered(series);
    const points =
      reported.length > 0 && ABSENT_IS_ZERO.has(series.role) ? withZeros(series, reported) : reported;
    const summary = summarize(series, points, context);
    return summary === undefined ? [] : [{ series, points, ...summary }];
  });
  const onset = read.find(({ series }) => series.isAlarm)?.summary.onset;
  const byTask = read.some(({ series }) => series.role === "task-memory");
  const told = read.filter(({ series }) => !byTask || series.role !== "memory-lowest" || series.isAlarm);
  return told.map((one) =>
    toFact(
      onset === undefined
        ? one
        : { ...one, summary: withSymptomOnset(one.summary, one.points, Date.parse(onset)) },
      context,
    ),
  );
}

const COUNTS_ERRORS = /5XX|Errors?$/i;

/** The healthy direction of a series. Without an entry a departure either way counts (a collapse of CPU, too). */
const GOOD_DIRECTION: Partial<Record<MetricRole, "low" | "high">> = {
  memory: "low",
  "memory-lowest": "low",
  "errors-5xx": "low",
  "elb-5xx": "low",
  "latency-p50": "low",
  "latency-p99": "low",
  "unhealthy-hosts": "low",
  "task-memory": "low",
  "task-disk": "low",
  "running-tasks": "high",
};

/** Error counts that the load balancer leaves out when they are zero. */
const ABSENT_IS_ZERO: ReadonlySet<MetricRole> = new Set(["errors-5xx", "elb-5xx"]);

/** Sorts by time and drops points that are not numbers, which neither a chart nor a stored record can hold. */
function usable(points: readonly Point[]): Point[] {
  return points
    .filter(({ t, v }) => Number.isFinite(t) && Number.isFinite(v))
    .sort((one, other) => one.t - other.t);
}

interface SummarizedSeries {
  readonly series: PlannedSeries;
  readonly points: readonly Point[];
  readonly summary: SeriesSummary;
  /** Set when the alarm's threshold is for this series. */
  readonly watched?: WatchedMetric;
}

function summarize(
  series: PlannedSeries,
  points: readonly Point[],
  context: EvidenceContext,
): Pick<SummarizedSeries, "summary" | "watched"> | undefined {
  const { metric } = series.query;
  const watched = series.isAlarm
    ? watchedMetric(context.alert, context.target, context.timing.metricPeriodSeconds)
    : undefined;
  const good = GOOD_DIRECTION[series.role] ?? (watched && goodSide(watched));
  const silent = ABSENT_IS_ZERO.has(series.role) || COUNTS_ERRORS.test(metric.name);
  const summary = summarizeSeries(points, {
    periodSeconds: metric.periodSeconds,
    alarmAt: Date.parse(context.alert.firedAt),
    ...(good === undefined ? {} : { goodDirection: good }),
    ...(silent && points.length > 0 ? { absentIsZero: metricWindow(context) } : {}),
  });
  if (summary === undefined) return undefined;
  const sized = withPracticalSize(summary, series.unit);
  return watched === undefined
    ? { summary: sized }
    : { summary: withThreshold(sized, points, watched), watched };
}

/** A departure can be significant and irrelevant: below five points of a percentage, or a seventh of the level. */
const SMALL_POINTS = 5;
const SMALL_SHARE = 0.15;

/** Reports a departure that is too small to matter as steady. */
function withPracticalSize(summary: SeriesSummary, unit: string): SeriesSummary {
  if (summary.onset === undefined) return summary;
  const far = Math.max(
    Math.abs(summary.current - summary.baseline),
    summary.shape === "spike" ? Math.abs(summary.max - summary.baseline) : 0,
  );
  const small = far < SMALL_SHARE * Math.abs(summary.baseline) || (unit === "%" && far < SMALL_POINTS);
  if (!small) return summary;
  const { onset: _dropped, ...rest } = summary;
  return { ...rest, direction: "none", shape: "flat" };
}

/** Data older than this many periods says nothing about now. */
const STALE_PERIODS = 4;

function isStale({ series, summary }: SummarizedSeries, context: EvidenceContext): boolean {
  if (COUNTS_ERRORS.test(series.query.metric.name)) return false;
  const age = metricWindow(context).to - Date.parse(summary.last);
  return age > STALE_PERIODS * series.query.metric.periodSeconds * 1000;
}

function toFact(one: SummarizedSeries, context: EvidenceContext): MetricDraft {
  const { series, points, summary, watched } = one;
  const { metric } = series.query;
  const threshold = watched?.threshold;
  const stale = isStale(one, context);
  const change = stale
    ? `has no data since ${clock(summary.last)}; before that ${amount(summary.current)}${space(series.unit)}`
    : describeChange(summary, series.unit);
  return {
    kind: "metric",
    provenance: "metric",
    ...(summary.onset === undefined ? {} : { at: summary.onset }),
    statement: `${series.label} (${metric.statistic}, ${series.isAlarm ? "the alarm's metric" : series.role}) ${change}${threshold === undefined ? "" : `; alarm threshold ${amount(threshold)}`}.`,
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
      ...(series.isAlarm ? { isAlarm: true } : {}),
      ...(stale ? { noDataSince: summary.last } : {}),
      ...(watched === undefined ? {} : { threshold: watched.threshold }),
      ...(watched === undefined || stale ? {} : { insideThreshold: newestAreInside(points, watched) }),
    },
  };
}

function describeChange(summary: SeriesSummary, unit: string): string {
  const { baseline, current, onset, shape, direction } = summary;
  if (onset === undefined) return `steady at ${amount(current)}${space(unit)}, usually ${amount(baseline)}`;
  const extreme = amount(direction === "down" ? summary.min : summary.max);
  if (shape === "spike") {
    return `went to ${extreme}${space(unit)} at ${clock(onset)} and came back: now ${amount(current)}, usually ${amount(baseline)}`;
  }
  const verb = direction === "down" ? "fell" : "rose";
  return `${verb} from ${amount(baseline)} to ${amount(current)}${space(unit)} since ${clock(onset)} (${shape}, ${direction === "down" ? "lowest" : "peak"} ${extreme})`;
}

function space(unit: string): string {
  return unit === "" ? "" : ` ${unit}`;
}

/** Series that show harm to users; a departure of any other may be chance or slow drift. */
const SYMPTOMS: ReadonlySet<MetricRole> = new Set([
  "errors-5xx",
  "elb-5xx",
  "unhealthy-hosts",
  "latency-p99",
]);

/**
 * Returns when the symptom began: in the alarm's own series, else in the first symptom series, else the alarm's time.
 */
export function onsetOf(facts: readonly MetricDraft[], firedAt: string): string {
  const own = facts.find((fact) => fact.data.isAlarm)?.data.summary.onset;
  if (own !== undefined) return own;
  const onsets = facts
    .filter((fact) => SYMPTOMS.has(fact.data.role))
    .flatMap((fact) => fact.data.summary.onset ?? [])
    .filter((onset) => onset <= firedAt);
  return onsets.sort()[0] ?? firedAt;
}
