import { median } from "./order-statistics.ts";

/** A stretch of points that share a level; `to` is exclusive. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

/** Penalty of one more segment in units of noise variance x log n: a level and a place, as in BIC, and half as much again. */
const PENALTY = 3;

/**
 * Splits a series into stretches of constant level: the exact optimum of squared error plus a penalty a
 * segment. A lone glitch becomes a segment of one point and leaves its neighbours' levels alone.
 * Source: Killick, Fearnhead & Eckley 2012, "Optimal detection of changepoints with a linear computational
 * cost" (PELT: Jackson's optimal partitioning, 2005, with pruning).
 */
export function levelSegments(y: Float64Array, noise: number): Segment[] {
  const count = y.length;
  const sum = new Float64Array(count + 1);
  const squares = new Float64Array(count + 1);
  for (let i = 0; i < count; i++) {
    const value = y[i] ?? 0;
    sum[i + 1] = (sum[i] ?? 0) + value;
    squares[i + 1] = (squares[i] ?? 0) + value * value;
  }
  const penalty = PENALTY * noise * noise * Math.log(Math.max(count, 3));
  const best = new Float64Array(count + 1);
  const previous = new Int32Array(count + 1);
  best[0] = -penalty;
  let candidates = [0];
  for (let end = 1; end <= count; end++) {
    let least = Number.POSITIVE_INFINITY;
    const costs: number[] = [];
    for (const start of candidates) {
      const total = (sum[end] ?? 0) - (sum[start] ?? 0);
      const square = (squares[end] ?? 0) - (squares[start] ?? 0);
      const cost = (best[start] ?? 0) + Math.max(0, square - (total * total) / (end - start));
      costs.push(cost);
      if (cost + penalty < least) {
        least = cost + penalty;
        previous[end] = start;
      }
    }
    best[end] = least;
    candidates = candidates.filter((_, index) => (costs[index] ?? 0) <= least);
    candidates.push(end);
  }
  return walkBack(y, previous);
}

function walkBack(y: Float64Array, previous: Int32Array): Segment[] {
  const segments: Segment[] = [];
  for (let to = y.length; to > 0; ) {
    const from = previous[to] ?? 0;
    segments.push({ from, to, level: median(y.subarray(from, to)) });
    to = from;
  }
  return segments.reverse();
}
