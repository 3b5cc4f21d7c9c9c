/** When something began: `at` in epoch milliseconds, known to `resolution` milliseconds. */
export interface Began {
  readonly at: number;
  readonly resolution: number;
}

/**
 * Which of two began first. Onsets no further apart than the longer of their periods have no order: a point stands for
 * all of its period, and two clocks read it.
 */
export function order(a: Began, b: Began): "before" | "after" | "same" {
  if (Math.abs(a.at - b.at) <= Math.max(a.resolution, b.resolution)) return "same";
  return a.at < b.at ? "before" : "after";
}
