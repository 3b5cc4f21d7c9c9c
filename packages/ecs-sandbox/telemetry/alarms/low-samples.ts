import { parseStatistic } from "../metrics/statistic.ts";
import type { AlarmConfiguration } from "./alarm.ts";
import type { Datapoint } from "./evaluate-alarm.ts";

/** How many measurements AWS wants beyond a percentile before it calls it significant. */
const WANTED_IN_TAIL = 10;

/**
 * Whether a percentile alarm that asks for it must keep its state, because its evaluation period holds fewer than
 * 10/(1-percentile) measurements (10/percentile below the median).
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/percentiles-with-low-samples.html
 */
export function hasTooFewSamples(
  { ExtendedStatistic, EvaluateLowSampleCountPercentile }: AlarmConfiguration,
  considered: readonly Datapoint[],
): boolean {
  if (EvaluateLowSampleCountPercentile !== "ignore" || ExtendedStatistic === undefined) return false;
  const statistic = parseStatistic(ExtendedStatistic);
  if (statistic?.kind !== "percentile") return false;
  const share = statistic.percent / 100;
  const tail = share >= 0.5 ? 1 - share : share;
  // p0 and p100 are the minimum and the maximum, for which AWS names no bound.
  if (tail === 0) return false;
  const samples = considered.reduce((sum, { sampleCount = 0 }) => sum + sampleCount, 0);
  // 1 - 0.99 is a little more than 0.01: without rounding p99 would ask for one measurement too few.
  return samples < Math.round(WANTED_IN_TAIL / tail);
}
