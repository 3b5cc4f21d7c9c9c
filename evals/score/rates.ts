/** Counts with their intervals, and spreads. Pure. */
import { quantileSorted } from "simple-statistics";
import { wilsonInterval } from "../../src/reporting/scorecard/scorecard-tally.ts";
import type { Rate, Spread } from "../report/eval-report.ts";

/** `hits` of `of`, with its 95 % score interval where anything was counted. */
export function rateOf(hits: number, of: number): Rate {
  return of === 0 ? { hits, of } : { hits, of, interval: wilsonInterval(hits, of) };
}

/** Returns the median and 95th percentile of the defined values. */
export function spreadOf(values: readonly (number | undefined)[]): Spread {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const n = sorted.length;
  return n === 0 ? { n } : { n, median: quantileSorted(sorted, 0.5), p95: quantileSorted(sorted, 0.95) };
}
