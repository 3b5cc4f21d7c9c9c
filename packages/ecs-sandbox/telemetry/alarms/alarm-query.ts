import { alignToPeriod } from "../metrics/aggregate.ts";
import { isReturned, type MetricDataQuery, runQuery } from "../metrics/metric-query.ts";
import type { MetricStore } from "../metrics/metric-store.ts";
import type { AlarmConfiguration } from "./alarm.ts";
import { type AlarmRule, type Datapoint, evaluationRange } from "./evaluate-alarm.ts";

/** The queries that an alarm watches; a single-metric alarm is one query. */
function queriesOf(configuration: AlarmConfiguration): MetricDataQuery[] {
  if (configuration.Metrics !== undefined) return configuration.Metrics;
  const { Namespace = "", MetricName = "", Dimensions, Period = 60, Unit } = configuration;
  const Stat = configuration.Statistic ?? configuration.ExtendedStatistic ?? "";
  return [
    {
      Id: "m1",
      MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit },
      ReturnData: true,
    },
  ];
}

/** The period of an alarm in seconds: its own, or that of the metrics under its expression. */
export function periodOf(configuration: AlarmConfiguration): number {
  const periods = queriesOf(configuration).flatMap(
    ({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? [],
  );
  return Math.max(1, ...periods);
}

/** What decides the state of an alarm. */
export function ruleOf(configuration: AlarmConfiguration): AlarmRule {
  return {
    evaluationPeriods: configuration.EvaluationPeriods,
    datapointsToAlarm: configuration.DatapointsToAlarm ?? configuration.EvaluationPeriods,
    comparison: configuration.ComparisonOperator,
    threshold: configuration.Threshold,
    treatMissingData: configuration.TreatMissingData ?? "missing",
  };
}

/** End of the newest complete period at an instant (epoch milliseconds). */
export function newestBoundary(configuration: AlarmConfiguration, at: number): number {
  return alignToPeriod(at, periodOf(configuration) * 1000);
}

/** The evaluation range that ends at `boundary`, oldest first, `undefined` where a period has no data. */
export function readRange(
  configuration: AlarmConfiguration,
  boundary: number,
  store: MetricStore,
): (Datapoint | undefined)[] {
  const queries = queriesOf(configuration);
  const watched = queries.find(isReturned);
  if (watched === undefined) return [];
  const periodMilliseconds = periodOf(configuration) * 1000;
  const length = evaluationRange(configuration.EvaluationPeriods);
  const window = { start: boundary - length * periodMilliseconds, end: boundary };
  const { points } = runQuery(watched, queries, window, store);
  const sampleCounts = countSamples(watched, window, store);
  return Array.from({ length }, (_, index) => {
    const at = window.start + index * periodMilliseconds;
    const value = points.get(at);
    return value === undefined ? undefined : { at, value, sampleCount: sampleCounts.get(at) };
  });
}

function countSamples(
  watched: MetricDataQuery,
  window: { start: number; end: number },
  store: MetricStore,
): ReadonlyMap<number, number> {
  if (watched.MetricStat === undefined) return new Map();
  const counting = { ...watched, MetricStat: { ...watched.MetricStat, Stat: "SampleCount" } };
  return runQuery(counting, [counting], window, store).points;
}
