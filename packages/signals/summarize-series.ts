import { type Departure, findDeparture, type Grid } from "./departure.ts";
import { describeMoves } from "./describe-moves.ts";
import { median } from "./order-statistics.ts";
import type { Point } from "./point.ts";
import type { SeriesSummary } from "./series-summary.ts";
import { theilSenSlope } from "./theil-sen.ts";
import { fillAbsentWithZero, periodMilliseconds, usablePoints, type Window } from "./usable-points.ts";

export interface SummaryOptions {
  readonly periodSeconds: number;
  /** Epoch milliseconds. A departure that is over still counts when it explains this alarm. */
  readonly alarmAt?: number | undefined;
  /** The healthy direction; a change that way is no departure. */
  readonly goodDirection?: "low" | "high" | undefined;
  /** The highest value that the metric can have, such as 100 for a percentage. */
  readonly upperEnd?: number | undefined;
  /** The window read, for counts that are reported only when not zero: its empty periods count as zero. */
  readonly absentIsZero?: Window | undefined;
}

/** The shape uses this many recent points; a longer series adds only to `count`, `min` and `max`. */
const MOST_POINTS = 720;
/** The current level is the median of this many points. */
export const CURRENT_POINTS = 3;

/**
 * What a series looks like: its normal level and its present one, and since when and in which shape they differ.
 *
 * The series is split into stretches of constant level (PELT), one of which is taken for the service's own normal;
 * stretches that noise cannot explain are departures (z test, Bonferroni-corrected); the one still going on, or the
 * one that explains the alarm, is fitted as a step or as a ramp, which gives onset and shape. A departure that is
 * over is a `spike`; ramps with returns (a leak with restarts) are one `ramp`. The onset of a ramp that fills the
 * window is its first point: it may have begun earlier.
 * Every threshold is in units of the series' own noise, so results follow a change of unit; sources are named where
 * each method stands.
 *
 * Points may be unordered, duplicated, gappy or not numbers; undefined when none is usable.
 */
export function summarizeSeries(
  points: readonly Point[],
  options: SummaryOptions,
): SeriesSummary | undefined {
  const read = usablePoints(points);
  const usable = options.absentIsZero
    ? fillAbsentWithZero(read, options.periodSeconds, options.absentIsZero)
    : read;
  const first = usable[0];
  const last = usable.at(-1);
  if (!first || !last) return undefined;
  const recent = usable.slice(-MOST_POINTS);
  const origin = recent[0]?.t ?? first.t;
  const step = periodMilliseconds(options.periodSeconds);
  const grid = toGrid(recent, origin, step);
  const departure = findDeparture(grid, {
    alarmAt: options.alarmAt === undefined ? undefined : (options.alarmAt - origin) / step,
    goodDirection: options.goodDirection,
    upperEnd: options.upperEnd,
  });
  const timeOf = (index: number | undefined) => (index === undefined ? undefined : recent[index]?.t);
  const onset = timeOf(departure.onset);
  const changedAt = timeOf(departure.changed);
  return {
    count: usable.length,
    first: iso(first.t),
    last: iso(last.t),
    ...levels(grid.y, departure),
    min: usable.reduce((least, point) => Math.min(least, point.v), Number.POSITIVE_INFINITY),
    max: usable.reduce((most, point) => Math.max(most, point.v), Number.NEGATIVE_INFINITY),
    ...(onset === undefined ? {} : { onset: iso(onset) }),
    ...(changedAt === undefined ? {} : { changedAt: iso(changedAt) }),
    direction: departure.side ?? "none",
    shape: departure.shape,
    slopePerMinute: (slope(grid, departure) / step) * 60_000,
    ...describeMoves(grid, departure, recent, step),
  };
}

function toGrid(points: readonly Point[], origin: number, step: number): Grid {
  return {
    x: Float64Array.from(points, (point) => (point.t - origin) / step),
    y: Float64Array.from(points, (point) => point.v),
  };
}

/** Without a stable part before the onset, the baseline is the first points of the departure. */
function levels(y: Float64Array, { normal, onset }: Departure): { baseline: number; current: number } {
  const since = onset === undefined ? y.length : y.length - onset;
  const before = normal.map((index) => y[index] ?? 0);
  return {
    baseline: median(before.length > 0 ? before : y.subarray(0, CURRENT_POINTS)),
    current: median(y.subarray(-Math.min(CURRENT_POINTS, since))),
  };
}

function slope({ x, y }: Grid, { onset = 0, slope: own }: Departure): number {
  return own ?? theilSenSlope(x, y, onset, y.length);
}

function iso(t: number): string {
  return new Date(t).toISOString();
}
