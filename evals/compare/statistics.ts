/** The statistics of a comparison. Pure and seeded: the same reports give the same result. */
import { wilsonInterval } from "../../src/reporting/scorecard/scorecard-tally.ts";

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * McNemar's exact test, two-sided: the probability of a split of the differing pairs at least this one-sided, if
 * neither side were better (Q. McNemar 1947; exact binomial form). `better` and `worse` are counts of pairs; 1
 * without any.
 */
export function mcnemarExact(better: number, worse: number): number {
  const n = better + worse;
  let tail = 0;
  for (let count = 0; count <= Math.min(better, worse); count++)
    tail += Math.exp(logChoose(n, count) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** A 95 % percentile interval of the mean, by drawing the values with replacement. Seeded. */
export function bootstrapMean(values: readonly number[], seed = 1, draws = 4000): Interval {
  if (values.length === 0) return { low: 0, high: 0 };
  const random = createRandom(seed);
  const means = Array.from({ length: draws }, () => {
    let sum = 0;
    for (let index = 0; index < values.length; index++)
      sum += values[Math.floor(random() * values.length)] ?? 0;
    return sum / values.length;
  }).sort((a, b) => a - b);
  return {
    low: means[Math.floor(draws * 0.025)] ?? 0,
    high: means[Math.ceil(draws * 0.975) - 1] ?? 0,
  };
}

/**
 * The 95 % interval of the difference of two shares from different cases (R. G. Newcombe 1998, "Interval estimation
 * for the difference between independent proportions", method 10): B's share minus A's.
 */
export function newcombe(
  a: { readonly hits: number; readonly of: number },
  b: { readonly hits: number; readonly of: number },
): Interval {
  const [shareA, shareB] = [a.hits / a.of, b.hits / b.of];
  const [insideA, insideB] = [wilsonInterval(a.hits, a.of), wilsonInterval(b.hits, b.of)];
  const difference = shareB - shareA;
  return {
    low: difference - Math.hypot(shareB - insideB.low, insideA.high - shareA),
    high: difference + Math.hypot(insideB.high - shareB, shareA - insideA.low),
  };
}

/** R. A. Fisher's exact test of two shares from different cases, two-sided: all tables no likelier than the one seen. */
export function fisherExact(
  a: { readonly hits: number; readonly of: number },
  b: { readonly hits: number; readonly of: number },
): number {
  const hits = a.hits + b.hits;
  const seen = logHypergeometric(a.hits, a.of, b.of, hits);
  let sum = 0;
  for (let count = Math.max(0, hits - b.of); count <= Math.min(a.of, hits); count++) {
    const log = logHypergeometric(count, a.of, b.of, hits);
    if (log <= seen + 1e-9) sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

function logHypergeometric(count: number, ofA: number, ofB: number, hits: number): number {
  return logChoose(ofA, count) + logChoose(ofB, hits - count) - logChoose(ofA + ofB, hits);
}

function logChoose(n: number, count: number): number {
  let log = 0;
  for (let index = 0; index < count; index++) log += Math.log((n - index) / (index + 1));
  return log;
}

/** Adjusts p-values after S. Holm 1979, since among many classes one looks better by chance. Same order. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => (pValues[a] ?? 1) - (pValues[b] ?? 1));
  const adjusted: number[] = [];
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues[index] ?? 1) * (pValues.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}

/** Mulberry32: small, seeded, good enough to draw cases with (github.com/bryc/code, public domain). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
