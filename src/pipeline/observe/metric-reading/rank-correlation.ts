/**
 * Spearman's rank correlation with average ranks for ties; undefined when either side is constant.
 * Source: Spearman 1904; ties as in Kendall & Gibbons 1990, "Rank correlation methods".
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | undefined {
  const ranksA = averageRanks(a);
  const ranksB = averageRanks(b);
  const mean = (a.length - 1) / 2;
  let product = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const da = (ranksA[i] ?? 0) - mean;
    const db = (ranksB[i] ?? 0) - mean;
    product += da * db;
    squaresA += da * da;
    squaresB += db * db;
  }
  if (squaresA === 0 || squaresB === 0) return undefined;
  return Math.max(-1, Math.min(1, product / Math.sqrt(squaresA * squaresB)));
}

function averageRanks(values: readonly number[]): Float64Array {
  const order = values.map((_, index) => index).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}
