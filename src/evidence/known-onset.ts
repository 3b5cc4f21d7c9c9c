/**
 * Compares before and after where the onset is known from elsewhere (the alarm's threshold, the symptom), since a
 * short series does not always show a departure by itself.
 */
import { median } from "../../packages/signals/order-statistics.ts";
import type { SeriesSummary } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import { isInside, sideOf, type WatchedMetric } from "./watched-metric.ts";

/** Returns the healthy side of the threshold; undefined for a band with two edges. */
export function goodSide(watched: WatchedMetric): "low" | "high" | undefined {
  if (watched.comparison === "LessThanLowerOrGreaterThanUpperThreshold") return undefined;
  return watched.comparison.startsWith("Greater") ? "low" : "high";
}

/**
 * Whether the newest points, as many as the alarm evaluates, are all inside the threshold; undefined where its band is not
 * known.
 */
export function newestAreInside(points: readonly Point[], watched: WatchedMetric): boolean | undefined {
  const sides = points.slice(-watched.evaluationPeriods).map((point) => isInside(point.v, watched, point.t));
  return sides.includes(false) ? false : sides.includes(undefined) ? undefined : true;
}

/**
 * Returns the summary of the alarm's own series. Without an onset of its own, the onset is the first point of the
 * newest run beyond the threshold, and the baseline the level before it.
 */
export function withThreshold(
  summary: SeriesSummary,
  points: readonly Point[],
  watched: WatchedMetric,
): SeriesSummary {
  if (summary.onset !== undefined || newestAreInside(points, watched) !== false) return summary;
  const lastInside = points.findLastIndex((point) => isInside(point.v, watched, point.t) !== false);
  const first = points[lastInside + 1];
  if (lastInside < 0 || first === undefined) return summary;
  const side = sideOf(first.v, watched, first.t);
  return stepAt(summary, points, first.t, side === "below" ? "down" : "up");
}

const FEWEST_POINTS = 2;

/** Growth by half is not noise when every point after is also above every point before. */
const GROWTH = 1.5;

/**
 * The summary of another series, given when the symptom began: complete separation of the points before and after
 * it (the strongest answer of a rank-sum test, Wilcoxon 1945) with growth by half counts as a step up.
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
  const separated = Math.min(...after) > Math.max(...before);
  return separated && median(after) >= GROWTH * median(before)
    ? stepAt(summary, points, onset, "up")
    : summary;
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
    direction,
    shape: "step",
  };
}
