/** The service's series of the last hour, each with its baseline, current level, onset and shape. */
import { summarizeSeries } from "../../../packages/signals/index.ts";
import type { MetricRole } from "../../domain/evidence.ts";
import type { AlarmReading, Point, TargetGroupReading, TaskReading } from "../../domain/reading.ts";
import { confirmTaskSeries, referenceQueries } from "../confirm-task-series.ts";
import { goodSide, withSymptomOnset, withThreshold } from "../known-onset.ts";
import { type MetricHistory, withHistory } from "../metric-history.ts";
import { type PlannedSeries, planSeries } from "../metric-series.ts";
import { judgeNewestPeriods } from "../newest-periods.ts";
import { mergePoints, withSides } from "../paired-series.ts";
import type { Window } from "../ports.ts";
import { CONTAINER_INSIGHTS, type SeriesTrust } from "../series-trust.ts";
import type { EvidenceContext } from "../source.ts";
import { ALARM_QUERY, type WatchedMetric, watchedBy, withBand } from "../watched-metric.ts";
import { scalingOf } from "./autoscaling-alarm.ts";
import { arePartOf, byPeriodOf, withSilence } from "./error-silence.ts";
import { type MetricDraft, type SummarizedSeries, toMetricFact } from "./metric-fact.ts";
import { withNotes } from "./metric-notes.ts";
import { withPracticalSize } from "./practical-size.ts";
import { startsOf, withoutStart, withoutTeeth } from "./task-starts.ts";

/** Whole periods only: a running period would look like a drop. */
export function metricWindow(context: EvidenceContext): Window {
  const period = context.timing.metricPeriodSeconds * 1000;
  const to = Math.floor(context.now / period) * period;
  return { from: to - context.timing.metricWindowMinutes * 60_000, to };
}

/** The series that are told, in their order. */
export interface ToldSeries {
  readonly series: readonly SummarizedSeries[];
  /** True where the alarm is autoscaling's own. */
  readonly scales: boolean;
  /** End of the newest whole period, epoch milliseconds. */
  readonly to: number;
}

/** Returns one fact for each series. */
export function metricFacts({ series, scales, to }: ToldSeries, history: MetricHistory): MetricDraft[] {
  return withHistory(series, history).map((one) => toMetricFact(one, to, scales));
}

/**
 * Reads every series of the service in one batch and returns those with data.
 * @param alarm the alarm as AWS has it now, where it could be read
 * @param computed answers of {@link queriesOf} under `ALARM_QUERY`, where the alarm watches metric math or a band
 */
export async function metricSeries(
  context: EvidenceContext,
  groups: readonly TargetGroupReading[],
  running: readonly TaskReading[],
  alarm: AlarmReading | undefined,
  computed: ReadonlyMap<string, readonly Point[]>,
  signal: AbortSignal,
): Promise<ToldSeries> {
  const defined = watchedBy(alarm);
  const intended = planSeries(context, groups, running, defined);
  const window = metricWindow(context);
  const { metricPeriodSeconds: periodSeconds } = context.timing;
  const plain = intended
    .flatMap(({ query, also = [] }) => [query, ...also])
    .filter(({ math }) => math === undefined);
  const queries = [...plain, ...referenceQueries(context.target, periodSeconds)];
  const read = await context.readers.metrics.series(queries, window, { signal });
  const answers = new Map([...read, ...computed]);
  const watched = defined && withBand(defined, ALARM_QUERY, answers);
  const sidesOf = ({ query, also = [] }: PlannedSeries) =>
    [query, ...also].map(({ id }) => usable(answers.get(id) ?? []));
  const answered = (series: PlannedSeries) => mergePoints(series.role, sidesOf(series));
  const planned = intended.flatMap((series) => withSides(series, sidesOf(series)));
  const requestsOf = ({ query: { metric } }: PlannedSeries) => {
    const requests = planned.filter(
      ({ role, query }) => role === "requests" && arePartOf(metric, query.metric),
    );
    return byPeriodOf(metric, requests.flatMap(answered));
  };
  const summarized = planned.flatMap((series): SummarizedSeries[] => {
    const reported = answered(series);
    const requests = isErrorCount(series) && reported.length > 0 ? requestsOf(series) : [];
    const newest = window.to - series.query.metric.periodSeconds * 1000;
    const starts = startsOf(series, running);
    const told = requests.length > 0 ? withSilence(reported, requests, newest) : reported;
    const points = withoutStart(series, told, starts);
    const zeros = absentAsZero(series, points, window, alarm);
    const own = series.isAlarm ? watched : undefined;
    const given = { zeros, watched: own, state: alarm?.state, starts };
    const summary = summarize(series, points, given, context);
    return summary === undefined ? [] : [{ series, points, trust: series.trust, ...summary }];
  });
  const scales = alarm !== undefined && scalingOf(alarm, context.target) !== undefined;
  const onset = summarized.find(({ series }) => series.isAlarm || series.isSymptom)?.summary.onset;
  const noted = withNotes(summarized, running, periodSeconds);
  const trusted = withTaskTrust(noted, answers, {
    tasks: running.length,
    periodSeconds,
    harmed: noted.some(showsHarm),
    vouched: context.trustedNamespaces?.includes(CONTAINER_INSIGHTS) === true,
  });
  const byTask = trusted.some(({ series, trust }) => series.role === "task-memory" && isSound(trust));
  const told = trusted.filter(({ series }) => !byTask || series.role !== "memory-lowest" || series.isAlarm);
  const series =
    onset === undefined
      ? told
      : told.map((one) => ({
          ...one,
          summary: withSymptomOnset(one.summary, one.points, Date.parse(onset)),
        }));
  return { series, scales, to: window.to };
}

/** A trusted series of the service that shows harm to its callers, which has not passed. */
function showsHarm({ series, summary, trust, notes }: SummarizedSeries): boolean {
  const lasts = summary.direction === "up" && summary.shape !== "spike";
  return isSound(trust) && SYMPTOMS.has(series.role) && lasts && notes?.quietTail !== true;
}

function isSound({ provenance, explainsOnly }: SeriesTrust): boolean {
  return provenance === "metric" && explainsOnly === undefined;
}

/** Judges the series of single tasks beside those of the service; the others keep their trust. */
function withTaskTrust(
  read: readonly SummarizedSeries[],
  answers: ReadonlyMap<string, readonly Point[]>,
  given: Parameters<typeof confirmTaskSeries>[2],
): SummarizedSeries[] {
  const ofTasks = read.filter(({ series }) => series.taskId !== undefined);
  const claims = ofTasks.map(({ series, points, summary }) => ({
    role: series.role,
    taskId: series.taskId,
    points,
    summary,
  }));
  const trusts = confirmTaskSeries(claims, answers, given);
  return read.map((one) => ({ ...one, trust: trusts[ofTasks.indexOf(one)] ?? one.trust }));
}

const COUNTS_ERRORS = /5XX|Errors?$/i;

/** The healthy direction of a series by its role. Without an entry a departure either way counts (a collapse of CPU, too). */
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

/** Error counts are left out when they are zero, of whatever source. */
function isErrorCount({ role, query }: PlannedSeries): boolean {
  return ABSENT_IS_ZERO.has(role) || COUNTS_ERRORS.test(query.metric.name);
}

/**
 * Returns the window in which a missing error count is zero: between its points, those of periods with requests among
 * them, and up to now only where AWS itself calls the alarm on it OK and missing data well. What comes after the last of
 * both is not known.
 */
function absentAsZero(
  series: PlannedSeries,
  points: readonly Point[],
  window: Window,
  alarm: AlarmReading | undefined,
): Window | undefined {
  const last = points.at(-1);
  if (last === undefined || !isErrorCount(series)) return undefined;
  const well = series.isAlarm && alarm?.state === "OK" && alarm.treatMissingData === "notBreaching";
  return well ? window : { from: window.from, to: last.t + series.query.metric.periodSeconds * 1000 };
}

interface Given {
  /** Where missing points count as zero. */
  readonly zeros: Window | undefined;
  readonly watched: WatchedMetric | undefined;
  /** The alarm's state in AWS. */
  readonly state: string | undefined;
  /** When the tasks behind the series started, epoch milliseconds. */
  readonly starts: readonly number[];
}

function summarize(
  series: PlannedSeries,
  points: readonly Point[],
  { zeros, watched, state, starts }: Given,
  context: EvidenceContext,
): Pick<SummarizedSeries, "summary" | "watched" | "newest"> | undefined {
  const { metric } = series.query;
  const good = healthyDirection(series.role, watched);
  const summary = summarizeSeries(points, {
    periodSeconds: metric.periodSeconds,
    alarmAt: Date.parse(context.alert.firedAt),
    ...(good === undefined ? {} : { goodDirection: good }),
    ...(zeros === undefined ? {} : { absentIsZero: zeros }),
    ...(series.unit === "%" ? { upperEnd: 100 } : {}),
  });
  if (summary === undefined) return undefined;
  const sized = withPracticalSize(summary, series.unit);
  if (watched === undefined) return { summary: withoutTeeth(sized, starts) };
  const newest = judgeNewestPeriods(points, watched, metricWindow(context).to, state);
  const { beyond } = newest;
  const told = beyond === undefined ? withoutTeeth(sized, starts) : sized;
  return { summary: withThreshold(told, points, watched, beyond), watched, newest };
}

/** A low alarm on a metric that should be low, such as one on little memory, makes both directions departures. */
function healthyDirection(role: MetricRole, watched: WatchedMetric | undefined): "low" | "high" | undefined {
  const usual = GOOD_DIRECTION[role];
  if (watched === undefined) return usual;
  const own = goodSide(watched);
  return usual === undefined || usual === own ? own : undefined;
}

/** Series that show harm to users; a departure of any other may be chance or slow drift. */
const SYMPTOMS: ReadonlySet<MetricRole> = new Set([
  "errors-5xx",
  "elb-5xx",
  "unhealthy-hosts",
  "latency-p99",
]);

/**
 * Returns when the symptom began: in the alarm's own series or the one that the trigger names, else in the first symptom series, else the alarm's time.
 */
export function onsetOf(facts: readonly MetricDraft[], firedAt: string): string {
  const own = facts.find(({ data }) => data.isAlarm || data.isSymptom)?.data.summary.onset;
  if (own !== undefined) return own;
  const onsets = facts
    .filter(({ data }) => SYMPTOMS.has(data.role) && data.quietTail !== true)
    .flatMap((fact) => fact.data.summary.onset ?? [])
    .filter((onset) => onset <= firedAt);
  return onsets.sort()[0] ?? firedAt;
}
