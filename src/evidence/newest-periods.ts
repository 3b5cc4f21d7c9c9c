/** What the newest periods of the alarm's metric say: inside its threshold, beyond it on a side, or nothing. */
import type { Side } from "../domain/metric-side.ts";
import type { Point } from "../domain/reading.ts";
import { sideOf, type WatchedMetric } from "./watched-metric.ts";

/**
 * Periods that CloudWatch may still be waiting for: Container Insights and ECS deliver a minute's value up to two
 * minutes later. More of them without data are silence.
 */
export const LATE_PERIODS = 2;

export interface NewestPeriods {
  /** Absent where nothing can be said about now. */
  readonly inside?: boolean;
  /** The side on which a point is beyond the threshold. */
  readonly beyond?: Side;
}

/** Returns how many of the newest whole periods have no point. `to` is the end of the newest, epoch milliseconds. */
export function missingPeriods(points: readonly Point[], periodSeconds: number, to: number): number {
  const last = points.at(-1);
  if (last === undefined) return Number.POSITIVE_INFINITY;
  const period = periodSeconds * 1000;
  return Math.max(0, Math.floor((to - last.t) / period) - 1);
}

/**
 * Judges the newest periods, as many as the alarm evaluates. Periods that are only late do not count against a metric,
 * unless the alarm is in ALARM and counts missing data as breaching: then they may be why it is. Where the metric is
 * silent, the alarm's own treatment of missing data says what that means, and `missing` or `ignore` say nothing.
 * @param points in time order
 * @param to end of the newest whole period, epoch milliseconds
 * @param state the alarm's state in AWS, where it could be read
 */
export function judgeNewestPeriods(
  points: readonly Point[],
  watched: WatchedMetric,
  to: number,
  state?: string,
): NewestPeriods {
  const newest = points.slice(-watched.evaluationPeriods);
  const missing = missingPeriods(points, watched.metric.periodSeconds, to);
  const silent = missing > LATE_PERIODS;
  const sides = silent ? [] : newest.map((point) => sideOf(point.v, watched, point.t));
  const beyond = sides.findLast((side) => side === "above" || side === "below");
  if (beyond === "above" || beyond === "below") return { inside: false, beyond };
  if (missing > 0 && watched.treatMissingData === "breaching" && (state === "ALARM" || silent)) {
    return { inside: false };
  }
  if (silent) return watched.treatMissingData === "notBreaching" && state === "OK" ? { inside: true } : {};
  return newest.length < watched.evaluationPeriods || sides.includes(undefined) ? {} : { inside: true };
}
