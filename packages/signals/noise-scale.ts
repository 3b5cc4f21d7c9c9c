import { median, medianDeviation, trimmedRootMeanSquare } from "./order-statistics.ts";

/** A standard deviation below this share of the level is of no practical meaning (rounding, jitter). */
const NEGLIGIBLE_SHARE = 0.005;

/** Equal values in a row from which a stretch counts as constant. */
const CONSTANT_RUN = 5;

/** With a smaller share of its differences outside constant stretches, a series counts as constant. */
const LEAST_MOVING = 1 / 6;

/**
 * The standard deviation of the point-to-point noise, whatever level, step or trend lies under it:
 * the smaller of the robust spread of first differences (moved by trends, not by a step) and of second
 * differences (moved by steps, not by trends). Constant stretches (an outage, an idle hour) are left out, as they
 * say nothing about the noise elsewhere; where they are nearly all there is, the root mean square of all but the
 * largest tenth of the differences stands in, as it does where the median is zero.
 * Source: Gasser, Sroka & Jennen-Steinmetz 1986, "Residual variance and residual pattern in nonlinear
 * regression" (difference-based variance), with the MAD in place of the mean square.
 */
export function differenceNoise(y: Float64Array): number {
  const first: number[] = [];
  const second: number[] = [];
  const all: number[] = [];
  let equal = 1;
  for (let i = 1; i < y.length; i++) {
    equal = y[i] === y[i - 1] ? equal + 1 : 1;
    if (equal === CONSTANT_RUN) {
      first.length = Math.max(0, first.length - CONSTANT_RUN + 2);
      second.length = Math.max(0, second.length - CONSTANT_RUN + 3);
    }
    all.push(((y[i] ?? 0) - (y[i - 1] ?? 0)) / Math.SQRT2);
    if (equal >= CONSTANT_RUN) continue;
    first.push(all.at(-1) ?? 0);
    if (i > 1) second.push(((y[i] ?? 0) - 2 * (y[i - 1] ?? 0) + (y[i - 2] ?? 0)) / Math.sqrt(6));
  }
  if (first.length < LEAST_MOVING * y.length)
    return trimmedRootMeanSquare(all, Math.max(2, Math.ceil(all.length / 10)));
  const byFirst = medianDeviation(first, 0);
  const robust = second.length < 5 ? byFirst : Math.min(byFirst, medianDeviation(second, 0));
  if (robust > 0) return robust;
  return trimmedRootMeanSquare(first, Math.max(2, Math.ceil(first.length / 10)));
}

/**
 * The standard deviation of points that share one level. Where more than half are equal (MAD = 0) the root
 * mean square of all but the largest stands in, as sparse counts have all their spread in the tail.
 */
export function levelNoise(values: ArrayLike<number>): number {
  const centre = median(values);
  const robust = medianDeviation(values, centre);
  if (robust > 0) return robust;
  return trimmedRootMeanSquare(
    Array.from(values, (value) => value - centre),
    1,
  );
}

/**
 * The standard deviation of the points on one side of `centre`, as if the other side mirrored it; 0 for none.
 * Latencies spread further up than down, and their ordinary peaks must not look like departures.
 * Source: the double MAD, https://aakinshin.net/posts/harrell-davis-double-mad-outlier-detector/.
 */
export function sideNoise(values: Float64Array, centre: number, side: "up" | "down"): number {
  return medianDeviation(
    values.filter((value) => (side === "up" ? value >= centre : value <= centre)),
    centre,
  );
}

/**
 * The smallest noise worth the name for a series about `level` of range `range`. Of a metric with an upper end, such as
 * 100 for a percentage, the level counts from its nearer end, so that 1 % and 99 % are read alike.
 */
export function noiseFloor(level: number, range: number, end: number | undefined): number {
  return Math.max(NEGLIGIBLE_SHARE * fromNearerEnd(level, end), 1e-9 * range);
}

/** How far a level is from the nearer end of its scale; without an upper end, from zero. */
export function fromNearerEnd(level: number, end: number | undefined): number {
  return end === undefined ? Math.abs(level) : Math.max(0, Math.min(level, end - level));
}
