/** What the newest periods of the alarm's metric say: inside its threshold, beyond it on a side, or nothing. */
import type { Side } from "../domain/metric-side.ts";
import type { Point } from "../domain/reading.ts";
import { isInside, sideOf, type WatchedMetric } from "./watched-metric.ts";

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

/** What AWS says of the alarm, where it could be read. */
export interface AlarmState {
  readonly state?: string | undefined;
  /** `breaching`, `notBreaching`, `ignore` or `missing`. */
  readonly treatMissingData?: string | undefined;
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
 */
export function judgeNewestPeriods(
  points: readonly Point[],
  watched: WatchedMetric,
  to: number,
  alarm: AlarmState = {},
): NewestPeriods {
  const newest = points.slice(-watched.evaluationPeriods);
  const missing = missingPeriods(points, watched.metric.periodSeconds, to);
  const silent = missing > LATE_PERIODS;
  const outside = silent ? undefined : newest.find((point) => isInside(point.v, watched, point.t) === false);
  if (outside !== undefined) {
    const side = sideOf(outside.v, watched, outside.t);
    return { inside: false, ...(side === undefined || side === "inside" ? {} : { beyond: side }) };
  }
  if (missing > 0 && alarm.treatMissingData === "breaching") {
    if (alarm.state === "ALARM" || silent) return { inside: false };
  }
  if (silent) {
    return alarm.treatMissingData === "notBreaching" && alarm.state === "OK" ? { inside: true } : {};
  }
  // Without its band nobody knows the edges.
  const unknown = newest.some((point) => isInside(point.v, watched, point.t) === undefined);
  return unknown || newest.length < watched.evaluationPeriods ? {} : { inside: true };
}
