import { toAlarmTimestamp } from "../shared/format.ts";
import type { AlarmConfiguration } from "./alarm.ts";
import type { Datapoint } from "./evaluate-alarm.ts";

/** Returns the JSON text of `StateReasonData`: the query, its time, and the datapoints. */
export function reasonData(
  configuration: AlarmConfiguration,
  periodSeconds: number,
  considered: readonly Datapoint[],
  queriedAt: number,
): string {
  const [oldest] = considered;
  const statistic = configuration.Statistic ?? configuration.ExtendedStatistic;
  return JSON.stringify({
    version: "1.0",
    queryDate: toAlarmTimestamp(queriedAt),
    ...(oldest !== undefined && { startDate: toAlarmTimestamp(oldest.at) }),
    ...(configuration.Unit !== undefined && { unit: configuration.Unit }),
    ...(statistic !== undefined && { statistic }),
    period: periodSeconds,
    recentDatapoints: considered.map(({ value }) => value),
    threshold: configuration.Threshold,
    evaluatedDatapoints: considered.toReversed().map(({ at, value, sampleCount }) => ({
      timestamp: toAlarmTimestamp(at),
      ...(sampleCount !== undefined && { sampleCount }),
      value,
    })),
  });
}
