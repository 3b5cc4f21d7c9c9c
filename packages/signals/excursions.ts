import { levelNoise, sideNoise } from "./noise-scale.ts";
import { median } from "./order-statistics.ts";
import { SAME_LEVEL } from "./plateaus.ts";
import { normalQuantile, studentQuantile } from "./quantiles.ts";
import type { Segment } from "./segments.ts";

export type Side = "up" | "down";

/** A stretch away from the normal level; `to` is exclusive. */
export interface Excursion {
  readonly from: number;
  readonly to: number;
  readonly side: Side;
  readonly level: number;
}

/** The level that excursions are measured from, and the noise about it. */
export interface Normal {
  readonly level: number;
  readonly noise: number;
}

/** A series as one normal level and the excursions from it. */
export interface Levels extends Normal {
  readonly isNormal: readonly boolean[];
  readonly excursions: readonly Excursion[];
}

/** The number of places searched for an excursion: all, or only those near an alarm. */
export type Places = (from: number, to: number) => number;

/** Noise deviations that a single point must be away to count as an excursion. */
const LONE_POINT = 6;
/** Family-wise chance of calling normal noise an excursion. */
const FALSE_ALARM = 0.01;
/** Fewer points do not show how far each side spreads. */
const KNOWN_TAIL = 20;
/** The longest series whose noise is taken from the fitted curve where that is smaller. */
export const FITTED_NOISE_UP_TO = 25;
/** What a MAD makes of its points: 37 % of the efficiency of a standard deviation. */
const MAD_EFFICIENCY = 0.37;

/**
 * Finds the excursions of a segmented series from its normal level that noise does not explain. Estimates the noise
 * again from all points outside excursions, where those vary more than assumed.
 */
export function readLevels(
  y: Float64Array,
  segments: readonly Segment[],
  normal: Normal,
  places: Places,
): Levels {
  const levels = excursionsFrom(y, segments, normal, places);
  const rest = y.filter(
    (_, index) => !levels.excursions.some((e) => index >= e.from && index < e.to && e.to - e.from > 1),
  );
  if (rest.length < 5) return levels;
  const level = median(rest);
  const noise = Math.max(normal.noise, levelNoise(rest));
  const tail = (side: Side) =>
    rest.length < KNOWN_TAIL ? noise : Math.max(noise, sideNoise(rest, level, side));
  return excursionsFrom(y, segments, { level, noise }, places, { up: tail("up"), down: tail("down") });
}

function excursionsFrom(
  y: Float64Array,
  segments: readonly Segment[],
  normal: Normal,
  places: Places,
  tail: Readonly<Record<Side, number>> = { up: normal.noise, down: normal.noise },
): Levels {
  const runs = sidedRuns(segments, normal.level, SAME_LEVEL * normal.noise);
  const isNormal = new Array<boolean>(y.length).fill(false);
  for (const run of runs) if (run.side === "normal") isNormal.fill(true, run.from, run.to);
  const known = isNormal.filter(Boolean).length;
  const excursions: Excursion[] = [];
  for (const { from, to, side } of withoutLoneReturns(runs)) {
    if (side === "normal") continue;
    const level = median(y.subarray(from, to));
    const distance = Math.abs(level - normal.level) / tail[side];
    if (isBeyondChance(distance, to - from, known, y.length, places(from, to)))
      excursions.push({ from, to, side, level });
    else isNormal.fill(true, from, to);
  }
  return { ...normal, isNormal, excursions };
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly side: Side | "normal";
}

function sidedRuns(segments: readonly Segment[], normal: number, tolerance: number): Run[] {
  const runs: Run[] = [];
  for (const { from, to, level } of segments) {
    const side = level > normal + tolerance ? "up" : level < normal - tolerance ? "down" : "normal";
    const last = runs.at(-1);
    if (last?.side === side) runs[runs.length - 1] = { ...last, to };
    else runs.push({ from, to, side });
  }
  return runs;
}

/** A single point back at normal between, or after, points on one side is a dip of the excursion, not its end. */
function withoutLoneReturns(runs: readonly Run[]): Run[] {
  const kept: Run[] = [];
  for (const [index, run] of runs.entries()) {
    const before = kept.at(-1);
    const next = runs[index + 1];
    const lone = run.side === "normal" && run.to - run.from === 1;
    const bridges = lone && before && before.to - before.from > 1 && (!next || next.side === before.side);
    if (before && (bridges || before.side === run.side)) kept[kept.length - 1] = { ...before, to: run.to };
    else kept.push(run);
  }
  return kept;
}

/**
 * A two-sample z test of an excursion's level, `distance` noise deviations from the normal one, at a critical value
 * corrected for the places looked at (Bonferroni) and for noise known from few points (Student's t).
 */
function isBeyondChance(
  distance: number,
  size: number,
  known: number,
  count: number,
  places: number,
): boolean {
  if (size === 1) return distance > LONE_POINT;
  const z = distance / Math.sqrt(1 / size + 1 / Math.max(known, 1));
  const gaussian = normalQuantile(FALSE_ALARM / (2 * places));
  const freedom = (count <= FITTED_NOISE_UP_TO ? 1 : MAD_EFFICIENCY) * Math.max(1, count - 3);
  return z > studentQuantile(gaussian, freedom);
}
