/** Counts of cases, with their interval. */
import type { Truth } from "./scorecard-case.ts";

export interface Tally {
  readonly n: number;
  readonly right: number;
  readonly wrong: number;
  /** The symptom passed by itself: counted against the action. */
  readonly unneeded: number;
  readonly unknown: number;
  /** All but the unknown. */
  readonly judged: number;
  /** Of the share of right ones among those judged, 95 %; absent where none was judged. */
  readonly interval?: Interval;
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export function tallyOf(cases: readonly { readonly truth: Truth }[]): Tally {
  const count = (wanted: Truth) => cases.filter(({ truth }) => truth === wanted).length;
  return tally(count("right"), count("wrong"), count("unneeded"), count("unknown"));
}

export function addTallies(a: Tally, b: Tally): Tally {
  return tally(a.right + b.right, a.wrong + b.wrong, a.unneeded + b.unneeded, a.unknown + b.unknown);
}

function tally(right: number, wrong: number, unneeded: number, unknown: number): Tally {
  const judged = right + wrong + unneeded;
  const interval = judged === 0 ? {} : { interval: wilsonInterval(right, judged) };
  return { n: judged + unknown, right, wrong, unneeded, unknown, judged, ...interval };
}

/** The normal distribution's quantile for 95 %, two-sided. */
const Z = 1.959963984540054;

/**
 * The 95 % score interval of a share (E. B. Wilson 1927, "Probable inference, the law of succession, and statistical
 * inference", JASA 22): sound for few cases and for shares near 0 and 1, where the textbook interval is not.
 */
export function wilsonInterval(hits: number, total: number): Interval {
  const share = hits / total;
  const weight = Z ** 2 / total;
  const middle = (share + weight / 2) / (1 + weight);
  const half = Math.sqrt(weight * share * (1 - share) + weight ** 2 / 4) / (1 + weight);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
