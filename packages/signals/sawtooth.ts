import { indexes } from "./indexes.ts";
import { locateStart } from "./locate-onset.ts";
import { median } from "./order-statistics.ts";
import { pairSlopes } from "./theil-sen.ts";

/** Ramps in one direction, broken by sudden returns: a leak with restarts. */
export interface Sawtooth {
  /** Index of the first point after the first return. */
  readonly firstReturn: number;
  readonly side: "up" | "down";
  /** Within the teeth, returns left out, a unit of x. */
  readonly slope: number;
}

/** A return is at least this many noise deviations high, and half of the highest. */
const RETURN_NOISE = 5;
const SHORTEST_TOOTH = 4;
/** Two-sided 1 % point of the normal distribution. */
const SIGNIFICANT = 2.58;

/**
 * A sawtooth, or undefined. The points between returns must rise together by the seasonal Kendall test
 * (each tooth a season) and make up most of what the returns take away.
 * Source: Hirsch, Slack & Smith 1982, "Techniques of trend analysis for monthly water quality data".
 */
export function findSawtooth(x: Float64Array, y: Float64Array, noise: number): Sawtooth | undefined {
  return rising(x, y, noise, 1) ?? rising(x, y, noise, -1);
}

function rising(x: Float64Array, y: Float64Array, noise: number, sign: 1 | -1): Sawtooth | undefined {
  const fall = (index: number) => sign * ((y[index - 1] ?? 0) - (y[index] ?? 0));
  let highest = 0;
  for (let i = 1; i < y.length; i++) highest = Math.max(highest, fall(i));
  const least = Math.max(RETURN_NOISE * noise, highest / 2);
  if (highest < least) return undefined;
  const starts = [0];
  for (let i = 1; i < y.length; i++) if (fall(i) >= least) starts.push(i);
  const teeth = starts
    .map((from, index) => ({ from, to: starts[index + 1] ?? y.length }))
    .filter((tooth) => tooth.to - tooth.from >= SHORTEST_TOOTH);
  if (teeth.length < 2 || teeth.length < starts.length / 2) return undefined;
  const slopes = teeth.map((tooth) => pairSlopes(x, y, tooth.from, tooth.to));
  const slope = median(slopes.flat());
  const isTooth = teeth.map((tooth, index) => {
    const length = (x[tooth.to - 1] ?? 0) - (x[tooth.from] ?? 0);
    const grown = sign * median(slopes[index] ?? []) * length >= least / 4;
    return grown && locateStart(x, y, indexes(tooth.from, tooth.to)).shape === "ramp";
  });
  const grown = isTooth.filter(Boolean).length;
  if (grown < 2 || !isTooth.at(-2) || sign * slope <= 0 || kendallScore(y, teeth) * sign < SIGNIFICANT)
    return undefined;
  return { firstReturn: starts[1] ?? 0, side: sign === 1 ? "up" : "down", slope };
}

function kendallScore(y: Float64Array, teeth: readonly { from: number; to: number }[]): number {
  let score = 0;
  let variance = 0;
  for (const { from, to } of teeth) {
    const n = to - from;
    for (let i = from; i < to; i++)
      for (let j = i + 1; j < to; j++) score += Math.sign((y[j] ?? 0) - (y[i] ?? 0));
    variance += (n * (n - 1) * (2 * n + 5)) / 18;
  }
  return score / Math.sqrt(variance);
}
