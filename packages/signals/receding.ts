import { kendallScore, SIGNIFICANT } from "./kendall.ts";
import { median } from "./order-statistics.ts";

/**
 * The share of a departure that a series has lost again by itself: how far it has come back from its furthest level
 * (median of three) towards the baseline, where the points since then went that way together (Kendall). Undefined where
 * they did not.
 * @param since index of the first point of the departure
 */
export function recededShare(y: Float64Array, since: number, baseline: number): number | undefined {
  const smooth = (index: number) => median(y.subarray(Math.max(since, index - 1), index + 2));
  const height = (index: number) => smooth(index) - baseline;
  let far = since;
  for (let i = since; i < y.length; i++) if (Math.abs(height(i)) > Math.abs(height(far))) far = i;
  const back = -Math.sign(height(far)) * kendallScore(y, [{ from: far, to: y.length }]);
  if (back < SIGNIFICANT) return undefined;
  return Math.min(1, Math.max(0, 1 - height(y.length - 1) / height(far)));
}
