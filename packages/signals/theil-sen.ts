import { median } from "./order-statistics.ts";

/** Up to here every pair is taken; beyond, Theil's incomplete method, which is linear. */
const ALL_PAIRS_UP_TO = 40;

/**
 * The Theil-Sen slope of `y` over `x` from index `from` to `to` (exclusive), 0 with fewer than two points.
 * Sources: Theil 1950, "A rank-invariant method of linear and polynomial regression analysis" (complete
 * and incomplete method: each point paired with the one half a series later); Sen 1968.
 */
export function theilSenSlope(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number): number {
  return median(pairSlopes(x, y, from, to));
}

/** The slopes of the pairs that `theilSenSlope` takes the median of. */
export function pairSlopes(x: ArrayLike<number>, y: ArrayLike<number>, from: number, to: number): number[] {
  const slopes: number[] = [];
  const add = (i: number, j: number) => {
    const run = (x[j] ?? 0) - (x[i] ?? 0);
    if (run > 0) slopes.push(((y[j] ?? 0) - (y[i] ?? 0)) / run);
  };
  const count = to - from;
  if (count <= ALL_PAIRS_UP_TO) {
    for (let i = from; i < to; i++) for (let j = i + 1; j < to; j++) add(i, j);
  } else {
    const half = count >> 1;
    for (let i = from; i + half < to; i++) add(i, i + half);
  }
  return slopes;
}
