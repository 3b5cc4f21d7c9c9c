import { z } from "zod";
import { differenceNoise } from "./noise-scale.ts";
import { median, medianDeviation } from "./order-statistics.ts";
import type { Point } from "./point.ts";
import { CURRENT_POINTS, summarizeSeries } from "./summarize-series.ts";
import { byPeriod } from "./usable-points.ts";

/** A series of one task; tasks that are compared run the same revision under the same load. */
export interface ComparedTask {
  readonly id: string;
  readonly points: readonly Point[];
}

/** How a task stands to the others. */
export const TaskComparison = z.object({
  /** How many others it is compared with. */
  others: z.number().int(),
  /** Their present level, in the metric's unit. */
  level: z.number(),
  /** Distance from that level in deviations by which such tasks differ; negative below. */
  score: z.number(),
  position: z.enum(["above", "below", "alike"]),
  /** When it left the others, where it did so within the series. */
  since: z.iso.datetime().optional(),
});

export type TaskComparison = z.infer<typeof TaskComparison>;

/** Modified z-score from which a value is an outlier. Source: Iglewicz & Hoaglin 1993, "How to detect and handle outliers". */
const OUTLIER_SCORE = 3.5;
/** Share of the level by which tasks of one service normally differ. */
const ORDINARY_SHARE = 0.1;
/** Scores end here: others that are all zero have no spread to divide by. */
const LARGEST_SCORE = 1000;

/**
 * Compares each task with the others, period by period, so that what moves them all cancels out. The scale of a
 * difference is the largest of: how far the others are apart (MAD), the noise of the difference from period to period,
 * and a tenth of the lower level. Works for two tasks and more; of two that differ one is above and one below, and which
 * of them is the odd one only its own series can tell.
 * @param options `negligible`, in the metric's unit, is a difference that never matters
 * @returns a comparison for each task that has present points beside others that have, by id
 */
export function compareTasks(
  tasks: readonly ComparedTask[],
  options: { readonly periodSeconds: number; readonly negligible?: number },
): ReadonlyMap<string, TaskComparison> {
  const { periodSeconds, negligible = 0 } = options;
  const series = tasks.map(({ id, points }) => ({ id, values: byPeriod(points, periodSeconds) }));
  const periods = [...new Set(series.flatMap(({ values }) => [...values.keys()]))].sort((a, b) => a - b);
  const newest = periods.slice(-CURRENT_POINTS);
  const present = series.flatMap((one) => {
    const now = newest.flatMap((period) => one.values.get(period) ?? []);
    return now.length === 0 ? [] : [{ ...one, level: median(now) }];
  });
  const compared = new Map<string, TaskComparison>();
  for (const { id, values, level } of present) {
    const others = present.filter((other) => other.id !== id);
    if (others.length === 0) continue;
    const apart = [...values]
      .sort(([a], [b]) => a - b)
      .flatMap(([period, v]) => {
        const beside = others.flatMap((other) => other.values.get(period) ?? []);
        return beside.length === 0 ? [] : [{ t: period * periodSeconds * 1000, v: v - median(beside) }];
      });
    const levels = others.map((other) => other.level);
    const centre = median(levels);
    const scale = Math.max(
      levels.length > 1 ? medianDeviation(levels, centre) : 0,
      differenceNoise(Float64Array.from(apart, ({ v }) => v)),
      ORDINARY_SHARE * Math.min(Math.abs(centre), Math.abs(level)),
      negligible / OUTLIER_SCORE,
    );
    const score = scoreOf(level - centre, scale);
    const position = Math.abs(score) < OUTLIER_SCORE ? "alike" : score > 0 ? "above" : "below";
    const left = position === "alike" ? undefined : summarizeSeries(apart, { periodSeconds });
    const isWay = left?.direction === (position === "above" ? "up" : "down");
    compared.set(id, {
      others: others.length,
      level: centre,
      score,
      position,
      ...(isWay && left?.onset !== undefined ? { since: left.onset } : {}),
    });
  }
  return compared;
}

function scoreOf(distance: number, scale: number): number {
  if (distance === 0) return 0;
  return Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, distance / scale));
}
