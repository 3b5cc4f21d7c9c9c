/**
 * Compares before and after where the onset is known from elsewhere (the alarm's threshold, the symptom), since a
 * short series does not always show a departure by itself.
 */
import { median } from "../../packages/signals/order-statistics.ts";
import type { SeriesSummary } from "../domain/evidence.ts";
import { firingSides, type Side } from "../domain/metric-side.ts";
import type { Point } from "../domain/reading.ts";
import { isInside, type WatchedMetric } from "./watched-metric.ts";

/** Returns the healthy side of the threshold; undefined for a band with two edges. */
export function goodSide({ comparison }: WatchedMetric): "low" | "high" | undefined {
  const [side, other] = firingSides(comparison);
  if (other !== undefined) return undefined;
  return side === "above" ? "low" : "high";
}

/**
 * Returns the summary of the alarm's own series. Without an onset of its own, the onset is the first point of the
 * newest run beyond the threshold, and the baseline the level before it. A slow ramp keeps its own beginning: where it
 * crosses the threshold nothing began; nor did anything where the series was as far out often before.
 * @param beyond the side on which the newest periods are beyond the threshold
 */
export function withThreshold(
  summary: SeriesSummary,
  points: readonly Point[],
  watched: WatchedMetric,
  beyond: Side | undefined,
): SeriesSummary {
  if (summary.onset !== undefined || beyond === undefined) return summary;
  const { trend } = summary;
  const direction = beyond === "above" ? "up" : "down";
  if (trend?.direction === direction) {
    return { ...summary, onset: trend.since, changedAt: trend.since, direction, shape: "ramp" };
  }
  const lastInside = points.findLastIndex((point) => isInside(point.v, watched, point.t) !== false);
  const first = points[lastInside + 1];
  if (lastInside < 0 || first === undefined || isUsualSwing(points, first.t, direction)) return summary;
  return stepAt(summary, points, first.t, direction);
}

const FEWEST_POINTS = 2;

/** Share of the points before from which on a level is one that the series often has. */
const OFTEN = 0.2;

/** Whether the series was as far out as often before and came back each time: then it only passes its threshold. */
function isUsualSwing(points: readonly Point[], at: number, direction: "up" | "down"): boolean {
  const sign = direction === "up" ? 1 : -1;
  const before = points.filter((point) => point.t < at);
  const now = sign * median(points.filter((point) => point.t >= at).map((point) => point.v));
  const asFar = before.filter((point) => sign * point.v >= now).length;
  return asFar >= FEWEST_POINTS && asFar >= OFTEN * before.length;
}

/** Growth by half, or a fall to two thirds, is not noise when the points after it are also apart from all before. */
const GROWTH = 1.5;

/**
 * The summary of another series, given when the symptom began: complete separation of the points before and after
 * it (the strongest answer of a rank-sum test, Wilcoxon 1945) with growth by half counts as a step up, and the mirrored
 * fall as a step down.
 */
export function withSymptomOnset(
  summary: SeriesSummary,
  points: readonly Point[],
  onset: number,
): SeriesSummary {
  if (summary.onset !== undefined) return summary;
  const before = points.filter((point) => point.t < onset).map((point) => point.v);
  const after = points.filter((point) => point.t >= onset).map((point) => point.v);
  if (before.length < FEWEST_POINTS || after.length < FEWEST_POINTS) return summary;
  const [low, high] = [median(before), median(after)];
  if (Math.min(...after) > Math.max(...before) && high >= GROWTH * low) {
    return stepAt(summary, points, onset, "up");
  }
  const fell = Math.max(...after) < Math.min(...before) && low >= GROWTH * high;
  return fell ? stepAt(summary, points, onset, "down") : summary;
}

function stepAt(
  summary: SeriesSummary,
  points: readonly Point[],
  at: number,
  direction: "up" | "down",
): SeriesSummary {
  return {
    ...summary,
    baseline: median(points.filter((point) => point.t < at).map((point) => point.v)),
    current: median(points.filter((point) => point.t >= at).map((point) => point.v)),
    onset: new Date(at).toISOString(),
    changedAt: new Date(at).toISOString(),
    direction,
    shape: "step",
  };
}
