import { median, medianDeviation } from "./order-statistics.ts";

export interface TaskValue {
  readonly id: string;
  readonly value: number;
}

export interface Outlier {
  readonly id: string;
  /** Robust standard deviations above (positive) or below (negative) the other tasks. */
  readonly score: number;
}

/** Modified z-score from which a value is an outlier. Source: Iglewicz & Hoaglin 1993, "How to detect and handle outliers". */
const OUTLIER_SCORE = 3.5;
/** Share of the level by which tasks of one service normally differ. */
const ORDINARY_SHARE = 0.1;

/**
 * The tasks that stand out among their siblings, worst first.
 *
 * Four and more: modified z-score, median and MAD, 3.5. The spread is never taken for less than 10 % of the median,
 * so that near-equal tasks do not make an outlier of the next one.
 * Three: the same, with a spread of at least median / 3.5: the one that stands out is at least twice the middle.
 * Two: there is no majority; the higher one stands out when it is at least twice the lower (both positive).
 * `negligible`, in the metric's unit, is a difference that never matters.
 */
export function findOutliers(values: readonly TaskValue[], options: { negligible?: number } = {}): Outlier[] {
  const finite = values.filter((task) => Number.isFinite(task.value));
  if (finite.length < 2) return [];
  const numbers = finite.map((task) => task.value);
  const pair = finite.length === 2;
  const centre = pair ? Math.min(...numbers) : median(numbers);
  const share = finite.length <= 3 ? 1 / OUTLIER_SCORE : ORDINARY_SHARE;
  const spread = pair ? 0 : medianDeviation(numbers, centre);
  const scale = Math.max(spread, share * Math.abs(centre), (options.negligible ?? 0) / OUTLIER_SCORE);
  if (pair && centre < 0) return [];
  return finite
    .map(({ id, value }) => ({ id, score: scoreOf(value - centre, scale) }))
    .filter((task) => Math.abs(task.score) >= OUTLIER_SCORE)
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score) || (a.id < b.id ? -1 : 1));
}

/** Scores end at a million: siblings that are all zero have no spread to divide by. */
function scoreOf(distance: number, scale: number): number {
  if (distance === 0) return 0;
  return Math.max(-1e6, Math.min(1e6, distance / scale));
}
