import { median } from "./order-statistics.ts";
import type { Point } from "./point.ts";

/** No measurement is larger; keeps every sum of squares finite. */
const LARGEST_VALUE = 1e100;
/** From 1970 to 9999: the times that ISO 8601 writes with four digits of year. */
const LARGEST_TIME = Date.UTC(9999, 11, 31);
/** CloudWatch's usual period, for a caller who has none to give. */
const DEFAULT_PERIOD_SECONDS = 60;
/** Twelve hours of one-minute points; a longer gap-filled grid would be a mistake in the window. */
const MOST_FILLED = 720;

/** A window, epoch milliseconds, start inclusive, end exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The points that can be read, in time order, one a timestamp (the median where several share one).
 * NaN, infinities and impossible times are left out, times are whole milliseconds. Does not depend on the order of its input.
 */
export function usablePoints(points: readonly Point[]): Point[] {
  const sorted = points
    .filter((point) => Math.abs(point.v) <= LARGEST_VALUE && isTime(point.t))
    .map((point) => ({ t: Math.round(point.t), v: point.v }))
    .sort((a, b) => a.t - b.t);
  const usable: Point[] = [];
  for (let start = 0; start < sorted.length; ) {
    const t = sorted[start]?.t ?? 0;
    let end = start + 1;
    while (sorted[end]?.t === t) end++;
    const v = end - start === 1 ? (sorted[start]?.v ?? 0) : median(sorted.slice(start, end).map((p) => p.v));
    usable.push({ t, v });
    start = end;
  }
  return usable;
}

/**
 * Fills the periods of `window` without a point with zero: for counts that are reported only when they
 * are not zero (load-balancer 5xx). The grid is that of the points; windows over 720 periods lose their start.
 */
export function fillAbsentWithZero(points: readonly Point[], periodSeconds: number, window: Window): Point[] {
  const step = periodMilliseconds(periodSeconds);
  const first = points[0];
  if (!first || !isTime(window.from) || !isTime(window.to)) return [...points];
  const slot = (t: number) => Math.round((t - first.t) / step);
  const taken = new Set(points.map((point) => slot(point.t)));
  const last = Math.ceil((window.to - first.t) / step) - 1;
  const earliest = Math.max(Math.ceil((window.from - first.t) / step), last - MOST_FILLED + 1);
  const zeros: Point[] = [];
  for (let index = earliest; index <= last; index++)
    if (!taken.has(index)) zeros.push({ t: first.t + index * step, v: 0 });
  return [...points, ...zeros].sort((a, b) => a.t - b.t);
}

/** The median value of each period, by its number since 1970. */
export function byPeriod(points: readonly Point[], periodSeconds: number): Map<number, number> {
  const step = periodMilliseconds(periodSeconds);
  const stamped = points.map(({ t, v }) => ({ t: Math.floor(t / step), v }));
  return new Map(usablePoints(stamped).map(({ t, v }) => [t, v]));
}

/** A metric's period in milliseconds; a minute where `periodSeconds` is none that a metric can have. */
export function periodMilliseconds(periodSeconds: number): number {
  const isPeriod = periodSeconds >= 1 && periodSeconds <= 86_400;
  return (isPeriod ? periodSeconds : DEFAULT_PERIOD_SECONDS) * 1000;
}

function isTime(t: number): boolean {
  return t >= 0 && t <= LARGEST_TIME;
}
