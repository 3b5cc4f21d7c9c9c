/** Two-sided 1 % point of the normal distribution: beyond it points rise, or fall, together. */
export const SIGNIFICANT = 2.58;

/**
 * Kendall's score of values within stretches (`to` exclusive), in standard deviations: positive where they rise.
 * Source: Hirsch, Slack & Smith 1982, "Techniques of trend analysis for monthly water quality data" (seasonal Kendall
 * test, each stretch a season).
 */
export function kendallScore(
  y: Float64Array,
  stretches: readonly { readonly from: number; readonly to: number }[],
): number {
  let score = 0;
  let variance = 0;
  for (const { from, to } of stretches) {
    const n = to - from;
    for (let i = from; i < to; i++)
      for (let j = i + 1; j < to; j++) score += Math.sign((y[j] ?? 0) - (y[i] ?? 0));
    variance += (n * (n - 1) * (2 * n + 5)) / 18;
  }
  return variance === 0 ? 0 : score / Math.sqrt(variance);
}
