/** Evaluates a series as its alarm does: M of the newest N periods, missing data as the alarm treats it. */
import type { Point } from "../domain/reading.ts";
import { LATE_PERIODS } from "./newest-periods.ts";
import { isInside, type WatchedMetric } from "./watched-metric.ts";

/** Periods further back in which an alarm that ignores missing data looks for points, as CloudWatch does. @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
const FURTHER_PERIODS = 3;

export interface AlarmEvaluation {
  /**
   * `outside`: at least M of N periods are beyond the threshold. `inside`: at least M are not, so many that M cannot be
   * beyond it, and one of them has data. `unknown`: neither can be said.
   */
  readonly verdict: "inside" | "outside" | "unknown";
  /** The points of the evaluated periods, in time order. */
  readonly newest: readonly Point[];
  /** Evaluated periods without data. */
  readonly missing: number;
}

/**
 * Evaluates the newest periods before `to` (epoch milliseconds, the end of the last whole period). Periods that began
 * before `since` do not count.
 */
export function evaluateAlarm(
  points: readonly Point[],
  watched: WatchedMetric,
  to: number,
  since = Number.NEGATIVE_INFINITY,
): AlarmEvaluation {
  const { evaluationPeriods: periods, datapointsToAlarm: enough, treatMissingData } = watched;
  const length = watched.metric.periodSeconds * 1000;
  const bySlot = new Map(points.map((point) => [Math.floor(point.t / length), point]));
  const last = Math.floor(to / length) - 1;
  const slots = Array.from({ length: periods + LATE_PERIODS + FURTHER_PERIODS }, (_, back) => last - back);
  const late = slots.slice(0, LATE_PERIODS).findIndex((slot) => bySlot.has(slot));
  const arrived = slots.slice(late < 0 ? LATE_PERIODS : late).filter((slot) => slot * length >= since);
  const fills = treatMissingData === "breaching" || treatMissingData === "notBreaching";
  const considered = fills ? arrived : arrived.filter((slot) => bySlot.has(slot));
  const evaluated = considered.slice(0, periods);
  const newest = evaluated.flatMap((slot) => bySlot.get(slot) ?? []).toReversed();
  const sides = newest.map((point) => isInside(point.v, watched, point.t));
  const missing = evaluated.length - newest.length;
  const filled = (treatment: string) => (treatMissingData === treatment ? missing : 0);
  const outside = sides.filter((inside) => inside === false).length + filled("breaching");
  const withData = sides.filter((inside) => inside === true).length;
  const inside = withData + filled("notBreaching");
  if (outside >= enough) return { verdict: "outside", newest, missing };
  const verdict = withData > 0 && inside >= Math.max(enough, periods - enough + 1) ? "inside" : "unknown";
  return { verdict, newest, missing };
}
