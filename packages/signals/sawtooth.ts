import { indexes } from "./indexes.ts";
import { kendallScore, SIGNIFICANT } from "./kendall.ts";
import { locateStart } from "./locate-onset.ts";
import { levelNoise } from "./noise-scale.ts";
import { median } from "./order-statistics.ts";
import { SAME_LEVEL } from "./plateaus.ts";
import { pairSlopes, theilSenSlope } from "./theil-sen.ts";

/** Ramps in one direction, broken by sudden returns: a leak with restarts, or a garbage collector at work. */
export interface Sawtooth {
  /** Index of the first point after the first return. */
  readonly firstReturn: number;
  readonly side: "up" | "down";
  /** Within the teeth, returns left out, a unit of x. */
  readonly slope: number;
  /** Where the returns go back to, and the level they come from. */
  readonly floor: number;
  readonly peak: number;
  /** Whether the floors go the way of the teeth: then something stays behind each time. Not known of fewer than three. */
  readonly isFloorMoving: boolean | undefined;
}

/** A return is at least this many noise deviations high, and half of the highest. */
const RETURN_NOISE = 5;
const SHORTEST_TOOTH = 4;
/** Two floors lie on any line. */
const FEWEST_FLOORS = 3;

/**
 * A sawtooth, or undefined. The points between returns must rise together by the seasonal Kendall test
 * (each tooth a season) and make up most of what the returns take away.
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
  const returns = starts.slice(1);
  const floors = Float64Array.from(returns, (index) => sign * (y[index] ?? 0));
  return {
    firstReturn: starts[1] ?? 0,
    side: sign === 1 ? "up" : "down",
    slope,
    floor: sign * median(floors),
    peak: median(returns.map((index) => y[index - 1] ?? 0)),
    isFloorMoving: isRising(
      Float64Array.from(returns, (index) => x[index] ?? 0),
      floors,
      noise,
    ),
  };
}

/** Whether floors rise by more than noise and their own scatter about a line. */
function isRising(x: Float64Array, floors: Float64Array, noise: number): boolean | undefined {
  if (floors.length < FEWEST_FLOORS) return undefined;
  const slope = theilSenSlope(x, floors, 0, floors.length);
  const scatter = levelNoise(floors.map((floor, index) => floor - slope * (x[index] ?? 0)));
  const run = (x.at(-1) ?? 0) - (x[0] ?? 0);
  return slope * run > SAME_LEVEL * Math.max(noise, scatter);
}
