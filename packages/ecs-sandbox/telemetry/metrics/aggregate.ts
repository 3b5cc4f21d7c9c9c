import type { Sample } from "./sample-buffer.ts";

/** Milliseconds from the first instant wanted to the first not wanted. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** The samples of one period, labelled by its start. */
export interface Bucket {
  readonly at: number;
  readonly samples: readonly Sample[];
}

/** Start of the period that `at` is in. Periods are aligned to the epoch. */
export function alignToPeriod(at: number, periodMilliseconds: number): number {
  return Math.floor(at / periodMilliseconds) * periodMilliseconds;
}

/**
 * The whole periods that a window touches: its start is rounded down, and the last period is the one that
 * begins before its end.
 */
export function alignWindow(window: TimeWindow, periodMilliseconds: number): TimeWindow {
  return {
    start: alignToPeriod(window.start, periodMilliseconds),
    end: Math.ceil(window.end / periodMilliseconds) * periodMilliseconds,
  };
}

/** Groups samples by period, oldest first. Periods without samples are absent. */
export function bucketSamples(samples: readonly Sample[], periodMilliseconds: number): Bucket[] {
  const buckets = Map.groupBy(samples, ({ at }) => alignToPeriod(at, periodMilliseconds));
  return [...buckets].map(([at, members]) => ({ at, samples: members })).toSorted((a, b) => a.at - b.at);
}

/** Whether CloudWatch knows a period of this many seconds: 1, 5, 10, 20, 30 or a multiple of 60. */
export function isValidPeriod(seconds: number): boolean {
  return [1, 5, 10, 20, 30].includes(seconds) || (seconds > 0 && seconds % 60 === 0);
}
