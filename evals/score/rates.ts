/** Counts with what they are worth, and spreads. Pure. */
import { wilsonInterval } from "../../src/pipeline/scorecard-tally.ts";
import type { Rate, Spread } from "../report/eval-report.ts";

/** `hits` of `of`, with its 95 % score interval where anything was counted. */
export function rateOf(hits: number, of: number): Rate {
  return of === 0 ? { hits, of } : { hits, of, interval: wilsonInterval(hits, of) };
}

/** Median and 95th percentile of the values that there are. */
export function spreadOf(values: readonly (number | undefined)[]): Spread {
  const sorted = values.filter((value) => value !== undefined).toSorted((a, b) => a - b);
  const median = quantile(sorted, 0.5);
  const p95 = quantile(sorted, 0.95);
  return {
    n: sorted.length,
    ...(median === undefined ? {} : { median }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}

/** Between two values it is linear (type 7 of Hyndman and Fan 1996, "Sample quantiles in statistical packages"). */
export function quantile(sorted: readonly number[], share: number): number | undefined {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return undefined;
  return low + (high - low) * (place - Math.floor(place));
}
