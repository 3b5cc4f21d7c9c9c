/**
 * The last seven days of the series that changed: how far each went at the same time before, and where a ramp that fills
 * the usual window began. One call, of which a failure costs nothing but the comparison.
 */
import { sameTimeBefore, summarizeSeries } from "../../packages/signals/index.ts";
import type { SeriesSummary } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import type { SummarizedSeries } from "./facts/metric-fact.ts";
import { mergePoints } from "./paired-series.ts";
import type { MetricQuery } from "./ports.ts";
import type { EvidenceContext } from "./source.ts";

/** Seven days and two hours are 2 040 points a series, and one call of GetMetricData gives at most 100 800. */
const MOST_SERIES = 20;
const PERIOD_SECONDS = 300;
/** More than half of a change is most of it. */
const MOST = 0.5;
const DAY_MS = 86_400_000;
/** The same time a week ago, with an hour before it and the hour of the usual window. */
const READ_MS = 7 * DAY_MS + 2 * 3_600_000;

/** Points by query id; those of counts are scaled to the series' own period. */
export type MetricHistory = ReadonlyMap<string, readonly Point[]>;

/** Reads the seven days of the series that changed, the alarm's first. */
export async function readHistory(
  { readers, now }: EvidenceContext,
  read: readonly SummarizedSeries[],
  signal: AbortSignal,
): Promise<MetricHistory> {
  const wanted = read
    .filter(({ series, summary }) => series.query.math === undefined && summary.changedAt !== undefined)
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_SERIES);
  if (wanted.length === 0) return new Map();
  const longer = (query: MetricQuery): MetricQuery => ({
    ...query,
    metric: { ...query.metric, periodSeconds: Math.max(PERIOD_SECONDS, query.metric.periodSeconds) },
  });
  const to = Math.floor(now / (PERIOD_SECONDS * 1000)) * PERIOD_SECONDS * 1000;
  const queries = wanted.flatMap(({ series: { query, also = [] } }) => [query, ...also].map(longer));
  const answers = await readers.metrics.series(queries, { from: to - READ_MS, to }, { signal });
  return new Map(
    wanted.map(({ series: { query, role, also = [] } }) => {
      const { statistic, periodSeconds } = query.metric;
      const scale = COUNTS.has(statistic) ? periodSeconds / longer(query).metric.periodSeconds : 1;
      const points = mergePoints(
        role,
        [query, ...also].map(({ id }) => answers.get(id) ?? []),
      );
      return [query.id, points.map(({ t, v }) => ({ t, v: v * scale }))];
    }),
  );
}

const COUNTS: ReadonlySet<string> = new Set(["Sum", "SampleCount"]);

function rank({ series: { isAlarm, isSymptom, taskId } }: SummarizedSeries): number {
  if (isAlarm || isSymptom) return 0;
  return taskId === undefined ? 1 : 2;
}

/** Adds to each series what its seven days say. */
export function withHistory(
  read: readonly SummarizedSeries[],
  history: MetricHistory,
): readonly SummarizedSeries[] {
  return read.map((one) => {
    const points = history.get(one.series.query.id);
    const from = Date.parse(one.summary.changedAt ?? "");
    if (points === undefined || Number.isNaN(from)) return one;
    const period = one.series.query.metric.periodSeconds * 1000;
    const departure = { from, to: Date.parse(one.summary.last) + period, baseline: one.summary.baseline };
    const usual = sameTimeBefore(points, departure);
    return {
      ...one,
      summary: withOlderRamp(one.summary, points),
      notes: { ...one.notes, ...(usual === undefined ? {} : { usual }) },
    };
  });
}

/**
 * Returns the summary with the true beginning of a ramp of hours, from the last 24 h. In the noise of one hour such a ramp
 * can look like a step minutes ago; it is one where what the day's slope adds in the hour makes up most of it.
 */
function withOlderRamp(summary: SeriesSummary, history: readonly Point[]): SeriesSummary {
  const { first, last, shape, current, baseline } = summary;
  if (shape !== "ramp" && shape !== "step") return summary;
  const day = history.filter(({ t }) => t >= Date.parse(last) - DAY_MS);
  const before = summarizeSeries(day, { periodSeconds: PERIOD_SECONDS });
  const trend = before?.trend;
  if (before === undefined || trend === undefined || trend.since >= first) return summary;
  const added = (trend.perMinute * (Date.parse(last) - Date.parse(first))) / 60_000;
  if (added / (current - baseline) < MOST) return summary;
  return {
    ...summary,
    shape: "ramp",
    ...(summary.onset === undefined ? {} : { onset: trend.since }),
    changedAt: trend.since,
    baseline: before.baseline,
    trend,
  };
}
