import type { Start } from "./locate-onset.ts";
import { studentQuantile } from "./quantiles.ts";

/** A lasting rise or fall, whatever its size. */
export interface Trend {
  readonly side: "up" | "down";
  /** Its first point; 0 where it fills the series and may have begun before. */
  readonly from: number;
  /** Units of `y` for one of `x`. */
  readonly slope: number;
}

/** The two-sided 0.1 % point of the normal distribution is 3.29; its square is doubled for the search over breaks. */
const CHANCE = 3.29 * Math.SQRT2;

/** The ramp of a series, where it is beyond chance; a series that a step fits better has no trend. */
export function findTrend(x: Float64Array, y: Float64Array, fit: Start): Trend | undefined {
  if (fit.shape !== "ramp" || !isFound(x, y, fit)) return undefined;
  return { side: fit.change > 0 ? "up" : "down", from: fit.index, slope: slopeOf(x, fit) };
}

/**
 * Whether a fitted ramp is beyond chance, by an F test against a constant level. Points that follow their
 * neighbours count for less: the F ratio is divided by what a first-order autocorrelation of the residuals makes of it.
 * Sources: Bartlett 1935 (effective sample size (1 - r) / (1 + r) of an autoregressive series); Student's t for short ones.
 */
function isFound(x: Float64Array, y: Float64Array, fit: Start): boolean {
  const freedom = y.length - 3;
  if (freedom < 1) return false;
  const likeness = Math.max(0, autocorrelation(residuals(x, y, fit)));
  const gained = (fit.constantError - fit.error) * ((1 - likeness) / (1 + likeness));
  return Math.sqrt(gained) > studentQuantile(CHANCE, freedom) * Math.sqrt(fit.error / freedom);
}

function residuals(x: Float64Array, y: Float64Array, fit: Start): Float64Array {
  const knot = knotOf(x, fit);
  const slope = slopeOf(x, fit);
  return y.map((v, i) => v - slope * Math.max(0, (x[i] ?? 0) - knot));
}

/** Where a ramp leaves its level: the point before its first. */
function knotOf(x: Float64Array, { index }: Start): number {
  return x[Math.max(0, index - 1)] ?? 0;
}

function slopeOf(x: Float64Array, fit: Start): number {
  return fit.change / ((x.at(-1) ?? 0) - knotOf(x, fit));
}

/** Correlation of each value with the next, 0 for a constant. */
function autocorrelation(values: Float64Array): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  let shared = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const own = (values[i] ?? 0) - mean;
    total += own * own;
    if (i > 0) shared += own * ((values[i - 1] ?? 0) - mean);
  }
  return total === 0 ? 0 : shared / total;
}
