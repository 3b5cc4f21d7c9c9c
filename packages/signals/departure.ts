import { type Excursion, FITTED_NOISE_UP_TO, type Levels, readLevels, type Side } from "./excursions.ts";
import { indexes } from "./indexes.ts";
import { locateStart, type Start } from "./locate-onset.ts";
import { differenceNoise, noiseFloor } from "./noise-scale.ts";
import { median } from "./order-statistics.ts";
import { normalPlateau, plateaus } from "./plateaus.ts";
import { findSawtooth, type Sawtooth } from "./sawtooth.ts";
import { levelSegments } from "./segments.ts";
import type { SeriesSummary } from "./series-summary.ts";
import { findTrend, type Trend } from "./trend.ts";

/** An alarm is explained by a departure that ended at most this many periods before it. */
const ALARM_LOOKBACK = 5;
/** Fewer points have no shape. */
const FEWEST_POINTS = 4;

/** A trend is a departure where it ends this many noise deviations from its start (Iglewicz & Hoaglin 1993). */
const VISIBLE_TREND = 3.5;

/** Values on a grid: `x` in periods since the first point, `y` in the metric's unit. */
export interface Grid {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** How a series left its normal level. Indexes are into the grid; `normal` are the points that make the baseline. */
export interface Departure {
  readonly shape: SeriesSummary["shape"];
  readonly side?: Side;
  /** Absent for a change the healthy way. */
  readonly onset?: number;
  /** When it changed, for better or worse. */
  readonly changed?: number;
  readonly normal: readonly number[];
  /** Slope in units a period where the shape has one of its own (a sawtooth's teeth). */
  readonly slope?: number;
  readonly trend?: Trend | undefined;
  readonly teeth?: Sawtooth;
}

export interface DepartureOptions {
  /** When the alarm fired, in the units of `x`. */
  readonly alarmAt?: number | undefined;
  readonly goodDirection?: "low" | "high" | undefined;
  readonly upperEnd?: number | undefined;
}

/** Returns the departure that is still going on, or that explains the alarm; shape `flat` when there is none. */
export function findDeparture(grid: Grid, options: DepartureOptions): Departure {
  const { x, y } = grid;
  const range = spread(y);
  if (range === 0) return { shape: "flat", normal: indexes(0, y.length) };
  if (y.length < FEWEST_POINTS) return { shape: "unknown", normal: indexes(0, y.length) };
  const whole = locateStart(x, y, indexes(0, y.length));
  const noise = Math.max(seriesNoise(y, whole), noiseFloor(median(y), range, options.upperEnd));
  const teeth = findSawtooth(x, y, noise);
  if (teeth) return describeSawtooth(grid, teeth);
  const trend = findTrend(x, y, whole);
  return { ...findExcursion(grid, noise, { fit: whole, trend }, options), trend };
}

function findExcursion(
  grid: Grid,
  noise: number,
  { fit, trend }: { readonly fit: Start; readonly trend: Trend | undefined },
  options: DepartureOptions,
): Departure {
  const { x, y } = grid;
  const range = spread(y);
  const segments = levelSegments(y, noise);
  const normal = normalPlateau(plateaus(y, segments, noise), noise, options.goodDirection);
  const level = normal?.level ?? median(y);
  const own = Math.max(normal?.noise ?? noise, noiseFloor(level, range, options.upperEnd));
  const nearAlarm = (from: number, to: number) => explainsAlarm(x, from, to, options.alarmAt);
  const levels = readLevels(y, segments, { level, noise: own }, (from, to) =>
    nearAlarm(from, to) ? Math.min(ALARM_LOOKBACK, y.length) : y.length,
  );
  const chosen =
    levels.excursions.findLast((e) => nearAlarm(e.from, e.to)) ??
    levels.excursions.findLast((e) => e.to === y.length && e.to - e.from > 1);
  if (chosen) return describeExcursion(grid, levels, chosen, options);
  const lasting = levels.excursions.some((e) => e.to - e.from > 1);
  const visible = Math.abs(fit.change) >= VISIBLE_TREND * Math.sqrt(fit.error / Math.max(1, y.length - 3));
  return trend && visible && !lasting ? describeTrend(fit, y.length, options) : describeNormal(levels);
}

/**
 * The noise of a series. A short one has too few differences for their median, so it uses the residuals of one step
 * or ramp.
 */
function seriesNoise(y: Float64Array, fit: Start): number {
  const differences = differenceNoise(y);
  if (y.length > FITTED_NOISE_UP_TO) return differences;
  return Math.min(differences, Math.sqrt(fit.error / Math.max(1, y.length - 3)));
}

/** Describes a ramp too gentle for its early part to leave the normal level. */
function describeTrend(fit: Start, count: number, { goodDirection }: DepartureOptions): Departure {
  const side = fit.change > 0 ? "up" : "down";
  const improved = goodDirection === (side === "up" ? "high" : "low");
  return {
    shape: "ramp",
    side,
    ...(improved ? {} : { onset: fit.index }),
    changed: fit.index,
    normal: indexes(0, improved ? count : fit.index),
  };
}

/** A departure explains the alarm when it had begun by then, and was not long over. */
function explainsAlarm(x: Float64Array, from: number, to: number, alarmAt: number | undefined): boolean {
  if (alarmAt === undefined) return false;
  return (x[from] ?? 0) <= alarmAt + 1 && (x[to - 1] ?? 0) >= alarmAt - ALARM_LOOKBACK;
}

function describeSawtooth({ x, y }: Grid, teeth: Sawtooth): Departure {
  const start =
    teeth.firstReturn < FEWEST_POINTS ? 0 : locateStart(x, y, indexes(0, teeth.firstReturn)).index;
  const onset = start === 1 ? 0 : start; // one point is no level to leave
  const { side, slope } = teeth;
  return { shape: "ramp", side, onset, changed: onset, slope, normal: indexes(0, onset), teeth };
}

function describeExcursion(
  { x, y }: Grid,
  levels: Levels,
  chosen: Excursion,
  options: DepartureOptions,
): Departure {
  const normal = indexes(0, y.length).filter((index) => levels.isNormal[index]);
  const members = [...normal.filter((index) => index < chosen.from), ...indexes(chosen.from, chosen.to)];
  const start = locateStart(x, y, members);
  const began = members[0] === chosen.from ? chosen.from : start.index;
  const before = normal.filter((index) => index < began);
  const over = chosen.to < y.length;
  const improved = options.goodDirection === (chosen.side === "up" ? "high" : "low");
  return {
    shape: over ? "spike" : start.shape,
    side: chosen.side,
    ...(improved ? {} : { onset: began }),
    changed: began,
    normal: before.length === 0 && over ? normal : before,
  };
}

/** No departure: flat, or one or two past spikes; more of them are an unnamed pattern. */
function describeNormal({ isNormal, excursions, level, noise }: Levels): Departure {
  const past = excursions.filter(
    (e) => e.to - e.from > 2 || (e.to - e.from === 2 && Math.abs(e.level - level) > 6 * noise),
  );
  const normal = indexes(0, isNormal.length).filter((index) => isNormal[index]);
  const last = past.at(-1);
  if (!last) return { shape: "flat", normal };
  return past.length > 2 ? { shape: "unknown", normal } : { shape: "spike", side: last.side, normal };
}

function spread(y: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of y) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
}
