import type { Start } from "./locate-onset.ts";

/** A lasting rise or fall, whatever its size. */
export interface Trend {
  readonly side: "up" | "down";
  /** Its first point; 0 where it fills the series and may have begun before. */
  readonly from: number;
  /** Units of `y` for one of `x`. */
  readonly slope: number;
}

/** The 0.1 % point of F with one and 60 degrees of freedom is 12; twice that, for the search over breaks. */
const TREND_F = 24;

/**
 * The ramp of a series beyond chance, by an F test of the fitted hinge against a constant level. Points that follow
 * their neighbours count for less: the F ratio is divided by what a first-order autocorrelation of the residuals makes
 * of it. A series that a step fits better has no trend.
 * Source: Bartlett 1935 (effective sample size (1 - r) / (1 + r) of an autoregressive series).
 */
export function findTrend(x: Float64Array, y: Float64Array, fit: Start): Trend | undefined {
  if (fit.shape !== "ramp") return undefined;
  const count = y.length;
  const noise = Math.sqrt(fit.error / Math.max(1, count - 3));
  const knot = x[Math.max(0, fit.index - 1)] ?? 0;
  const run = (x[count - 1] ?? 0) - knot;
  const slope = fit.change / run;
  const likeness = Math.max(0, autocorrelation(y.map((v, i) => v - slope * Math.max(0, (x[i] ?? 0) - knot))));
  const gained = (fit.constantError - fit.error) * ((1 - likeness) / (1 + likeness));
  if (!(gained > TREND_F * noise * noise)) return undefined;
  return { side: slope > 0 ? "up" : "down", from: fit.index, slope };
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
