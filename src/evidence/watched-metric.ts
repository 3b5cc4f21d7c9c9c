/**
 * What an alarm watches, from DescribeAlarms and from nothing else: the message that announced the alarm is a hint, and
 * its numbers are never used.
 */
import { Comparison, type MetricIdentity } from "../domain/alert.ts";
import type { AlarmQueryReading, AlarmReading, Point } from "../domain/reading.ts";
import type { MetricMath, MetricQuery } from "./ports.ts";

/** How an alarm counts a period without data, as CloudWatch names it. */
export type MissingData = "missing" | "ignore" | "breaching" | "notBreaching";

/** The edges of an anomaly band at one time. */
export interface Edges {
  readonly lower: number;
  readonly upper: number;
}

/** The series that an alarm watches, and when the alarm is on. */
export interface WatchedMetric {
  /** Of metric math, the name is its label and there are no dimensions. */
  readonly metric: MetricIdentity;
  /** Absent for an anomaly band. */
  readonly threshold?: number;
  readonly comparison: Comparison;
  readonly evaluationPeriods: number;
  /** Of the evaluation periods, as many must be beyond the threshold (AWS's "M out of N"). */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingData;
  /** The alarm's queries, where it watches metric math or an anomaly band. */
  readonly math?: MetricMath;
  /** The same queries with the band as the result, where it watches an anomaly band. */
  readonly bandMath?: MetricMath;
  /** The band by epoch milliseconds, once it was read. */
  readonly band?: ReadonlyMap<number, Edges>;
}

const MISSING: ReadonlySet<string> = new Set(["missing", "ignore", "breaching", "notBreaching"]);

/** Returns what an alarm watches; undefined for a composite alarm and where DescribeAlarms leaves it open. */
export function watchedBy(alarm: AlarmReading | undefined): WatchedMetric | undefined {
  const comparison = Comparison.safeParse(alarm?.comparison);
  if (alarm === undefined || !comparison.success) return undefined;
  const series = seriesOf(alarm);
  const { threshold, evaluationPeriods = 1, datapointsToAlarm, treatMissingData = "missing" } = alarm;
  const bandMath =
    alarm.queries !== undefined && alarm.bandQuery !== undefined
      ? { queries: alarm.queries, result: alarm.bandQuery }
      : undefined;
  const hasThreshold = threshold !== undefined && Number.isFinite(threshold);
  if (series === undefined || isAboutBand(comparison.data) !== (bandMath !== undefined)) return undefined;
  if (bandMath === undefined && !hasThreshold) return undefined;
  return {
    ...series,
    ...(bandMath === undefined ? { threshold: threshold as number } : { bandMath }),
    comparison: comparison.data,
    evaluationPeriods,
    datapointsToAlarm: Math.min(datapointsToAlarm ?? evaluationPeriods, evaluationPeriods),
    treatMissingData: MISSING.has(treatMissingData) ? (treatMissingData as MissingData) : "missing",
  };
}

/** Period of metric math whose queries name none. Seconds. */
const USUAL_PERIOD_SECONDS = 60;

function seriesOf(alarm: AlarmReading): Pick<WatchedMetric, "metric" | "math"> | undefined {
  const { namespace, metric: name, statistic, periodSeconds, queries, bandQuery } = alarm;
  if (
    namespace !== undefined &&
    name !== undefined &&
    statistic !== undefined &&
    periodSeconds !== undefined
  ) {
    return { metric: { namespace, name, statistic, periodSeconds, dimensions: { ...alarm.dimensions } } };
  }
  const candidates = queries?.filter(({ id, returnData }) => id !== bandQuery && returnData !== false) ?? [];
  const [result] = candidates;
  if (queries === undefined || result === undefined || candidates.length > 1) return undefined;
  // A plain series beside its anomaly band is read as what it is.
  if (result.metric !== undefined && result.accountId === undefined) {
    const { unit: _, ...metric } = result.metric;
    return { metric: { ...metric, dimensions: { ...metric.dimensions } } };
  }
  return { metric: mathIdentity(result, queries), math: { queries, result: result.id } };
}

function mathIdentity(result: AlarmQueryReading, queries: readonly AlarmQueryReading[]): MetricIdentity {
  const periods = queries.flatMap(
    ({ periodSeconds, metric }) => periodSeconds ?? metric?.periodSeconds ?? [],
  );
  return {
    namespace: "",
    name: result.label || result.expression || result.id,
    dimensions: {},
    statistic: result.metric?.statistic ?? "metric math",
    periodSeconds: Math.max(1, ...(periods.length > 0 ? periods : [USUAL_PERIOD_SECONDS])),
  };
}

/** Returns the series that metric math reads; of a plain alarm its one series. */
export function inputsOf({ metric, math }: WatchedMetric): readonly Omit<MetricIdentity, "periodSeconds">[] {
  return math === undefined ? [metric] : math.queries.flatMap((query) => query.metric ?? []);
}

/** Whether the comparison is with an anomaly band. */
export function isAboutBand(comparison: Comparison): boolean {
  return /Upper|Lower/.test(comparison);
}

/** The id under which an alarm's metric math and band are read. */
export const ALARM_QUERY = "alarm";

/** The queries that read what an alarm watches: `id` for the series, `id` with `-lower` and `-upper` for a band. */
export function queriesOf(watched: WatchedMetric, id: string): MetricQuery[] {
  const { metric, math, bandMath } = watched;
  const band = bandMath === undefined ? [] : (["lower", "upper"] as const);
  return [
    { id, metric, ...(math === undefined ? {} : { math }) },
    ...band.map((edge) => ({ id: `${id}-${edge}`, metric, math: { ...(bandMath as MetricMath), edge } })),
  ];
}

/** Adds the band that {@link queriesOf} has read; without it nothing is inside or outside. */
export function withBand(
  watched: WatchedMetric,
  id: string,
  answers: ReadonlyMap<string, readonly Point[]>,
): WatchedMetric {
  if (watched.bandMath === undefined) return watched;
  const upper = new Map(answers.get(`${id}-upper`)?.map(({ t, v }) => [t, v]));
  const edges = (answers.get(`${id}-lower`) ?? []).flatMap(({ t, v }): [number, Edges][] => {
    const above = upper.get(t);
    return above === undefined ? [] : [[t, { lower: v, upper: above }]];
  });
  return edges.length === 0 ? watched : { ...watched, band: new Map(edges) };
}

/**
 * Returns on which side of the alarm's comparison a value is at a time (epoch milliseconds): `inside` is healthy, `above`
 * and `below` are beyond the threshold. Undefined where the band has no edges for that time.
 */
export function sideOf(
  value: number,
  watched: WatchedMetric,
  at?: number,
): "inside" | "above" | "below" | undefined {
  const { comparison, threshold, band } = watched;
  const edges = isAboutBand(comparison)
    ? band?.get(at ?? Number.NaN)
    : threshold === undefined
      ? undefined
      : { lower: threshold, upper: threshold };
  if (edges === undefined) return undefined;
  const { lower, upper } = edges;
  switch (comparison) {
    case "GreaterThanThreshold":
    case "GreaterThanUpperThreshold":
      return value > upper ? "above" : "inside";
    case "GreaterThanOrEqualToThreshold":
      return value >= upper ? "above" : "inside";
    case "LessThanThreshold":
    case "LessThanLowerThreshold":
      return value < lower ? "below" : "inside";
    case "LessThanOrEqualToThreshold":
      return value <= lower ? "below" : "inside";
    case "LessThanLowerOrGreaterThanUpperThreshold":
      return value > upper ? "above" : value < lower ? "below" : "inside";
  }
}

/** Returns whether the value is on the healthy side at a time; undefined where the band is not known. */
export function isInside(value: number, watched: WatchedMetric, at?: number): boolean | undefined {
  const side = sideOf(value, watched, at);
  return side === undefined ? undefined : side === "inside";
}

/** Says what a value is compared with: `threshold 80`, or the band at that time. */
export function limitText(watched: WatchedMetric, format: (value: number) => string, at?: number): string {
  if (watched.threshold !== undefined) return `threshold ${format(watched.threshold)}`;
  const edges = at === undefined ? [...(watched.band?.values() ?? [])].at(-1) : watched.band?.get(at);
  return edges === undefined
    ? "an anomaly band that could not be read"
    : `expected between ${format(edges.lower)} and ${format(edges.upper)}`;
}
