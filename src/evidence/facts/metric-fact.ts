/** One metric series as a fact: its numbers, and a statement in plain words. */
import type { SeriesSummary } from "../../domain/evidence.ts";
import type { Point } from "../../domain/reading.ts";
import type { PlannedSeries } from "../metric-series.ts";
import { LATE_PERIODS, missingPeriods, type NewestPeriods } from "../newest-periods.ts";
import type { SeriesTrust } from "../series-trust.ts";
import type { FactDraft } from "../source.ts";
import type { WatchedMetric } from "../watched-metric.ts";
import {
  describeChange,
  describeNotes,
  describeSilence,
  describeThreshold,
  type MetricNotes,
} from "./metric-text.ts";

export type MetricDraft = Extract<FactDraft, { kind: "metric" }>;

const MAX_CHART_POINTS = 120;
const MAX_TASK_CHART_POINTS = 30;

export interface SummarizedSeries {
  readonly series: PlannedSeries;
  readonly points: readonly Point[];
  readonly summary: SeriesSummary;
  readonly trust: SeriesTrust;
  /** Set when the alarm's threshold is for this series. */
  readonly watched?: WatchedMetric;
  /** What the newest periods say of that threshold. */
  readonly newest?: NewestPeriods;
  readonly notes?: MetricNotes;
}

/**
 * Returns the fact of one series.
 * @param to end of the newest whole period, epoch milliseconds
 * @param scales true where the alarm is autoscaling's own
 */
export function toMetricFact(one: SummarizedSeries, to: number, scales: boolean): MetricDraft {
  const { series, points, summary, watched, newest, trust, notes = {} } = one;
  const { metric } = series.query;
  const edges = [...(watched?.band?.values() ?? [])].at(-1);
  const last = Date.parse(summary.last);
  const silent = missingPeriods([{ t: last, v: 0 }], metric.periodSeconds, to) > LATE_PERIODS;
  const change = silent ? describeSilence(summary, series.unit) : describeChange(summary, series.unit);
  const limit = watched === undefined ? "" : describeThreshold(watched, newest?.beyond, scales);
  return {
    kind: "metric",
    provenance: trust.provenance,
    ...(summary.onset === undefined ? {} : { at: summary.onset }),
    statement: `${series.label} (${metric.statistic}, ${series.isAlarm ? "the alarm's metric" : series.role}) ${change}${limit}${describeNotes(notes, series.unit)}.${trust.explainsOnly === undefined ? "" : ` It supports no action: ${trust.explainsOnly}.`}`,
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
      ...(silent ? { noDataSince: summary.last } : {}),
      ...(metric.namespace === "" ? {} : { namespace: metric.namespace, dimensions: metric.dimensions }),
      ...(trust.explainsOnly === undefined ? {} : { explainsOnly: trust.explainsOnly }),
      ...(series.isSymptom ? { isSymptom: true } : {}),
      ...(watched === undefined ? {} : { comparison: watched.comparison }),
      ...(watched?.threshold === undefined ? {} : { threshold: watched.threshold }),
      ...(edges === undefined ? {} : { expected: edges }),
      ...(newest?.inside === undefined ? {} : { insideThreshold: newest.inside }),
      ...(newest?.beyond === undefined ? {} : { beyond: newest.beyond }),
      ...(watched !== undefined && scales ? { scalingTarget: true } : {}),
      ...notes,
    },
  };
}
