import { kendallScore, SIGNIFICANT } from "./kendall.ts";

/**
 * The share of a departure that a series has lost again by itself: how far it has come back from its furthest level
 * (median of three) towards the baseline, where the points since then went that way together (Kendall). Undefined where
 * they did not.
 * @param since index of the first point of the departure
 */
export function recededShare(y: Float64Array, since: number, baseline: number): number | undefined {
  const heights = y.subarray(since).map((_, index, own) => {
    const [before, at, after] = [own[index - 1], own[index] ?? 0, own[index + 1]];
    const level =
      before === undefined || after === undefined
        ? (at + (before ?? after ?? at)) / 2
        : Math.max(Math.min(before, at), Math.min(Math.max(before, at), after));
    return level - baseline;
  });
  let far = 0;
  for (let i = 1; i < heights.length; i++)
    if (Math.abs(heights[i] ?? 0) > Math.abs(heights[far] ?? 0)) far = i;
  const height = heights[far] ?? 0;
  const back = -Math.sign(height) * kendallScore(y, [{ from: since + far, to: y.length }]);
  if (back < SIGNIFICANT) return undefined;
  return Math.min(1, Math.max(0, 1 - (heights.at(-1) ?? 0) / height));
}
