import { median as middle, rootMeanSquare } from "simple-statistics";

/** Turns a median absolute deviation into the standard deviation of a normal sample (1 / 0.6745). */
const NORMAL_CONSISTENCY = 1.4826;

/**
 * Small-sample factors of the MAD, n = 2..9.
 * Source: Croux & Rousseeuw 1992, "Time-efficient algorithms for two highly robust estimators of scale".
 */
const SMALL_SAMPLE = [1, 1, 1.196, 1.495, 1.363, 1.206, 1.2, 1.14, 1.129, 1.107];

/** The median; the mean of the middle two for an even count, 0 for no values. */
export function median(values: ArrayLike<number>): number {
  return values.length === 0 ? 0 : middle(Array.from(values));
}

/** Standard deviation estimated by the MAD about `centre`, corrected for small samples; 0 for no values. */
export function medianDeviation(values: ArrayLike<number>, centre: number): number {
  const deviations = Float64Array.from(values, (value) => Math.abs(value - centre));
  return NORMAL_CONSISTENCY * smallSampleFactor(values.length) * median(deviations);
}

/** Root mean square of `values` without their `dropped` largest magnitudes; 0 when none remain. */
export function trimmedRootMeanSquare(values: ArrayLike<number>, dropped: number): number {
  const magnitudes = Float64Array.from(values, Math.abs).sort();
  const kept = Array.from(magnitudes.subarray(0, Math.max(0, magnitudes.length - dropped)));
  return kept.length === 0 ? 0 : rootMeanSquare(kept);
}

function smallSampleFactor(count: number): number {
  return SMALL_SAMPLE[count] ?? count / (count - 0.8);
}
