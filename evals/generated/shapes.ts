/** Relative changes of a series, for levels that are drawn. */
import { hash } from "../scenarios/random.ts";
import type { Change } from "../scenarios/series.ts";

/** The minutes of a day. */
const DAY = 1440;

/** From `at` on the value is `factor` times what it was, reached within `over` minutes, until a time. */
export const times = (at: number, factor: number, over = 2, until = Number.POSITIVE_INFINITY): Change => ({
  kind: "shape",
  apply: (value, minute) =>
    value === undefined || minute < at || minute >= until
      ? value
      : value * (1 + (factor - 1) * Math.min(1, (minute - at + 1) / Math.max(1, over))),
});

/** More and less over a day: a share of the level, highest at `peak`, minutes from now. */
export const dailyWave = (share: number, peak: number): Change => ({
  kind: "shape",
  apply: (value, minute) =>
    value === undefined ? value : value * (1 + share * Math.cos((2 * Math.PI * (minute - peak)) / DAY)),
});

/** `factor` times the value during the first `long` minutes of each period, as a job by the clock does. */
export const everySo = (period: number, long: number, factor: number, phase: number): Change => ({
  kind: "shape",
  apply: (value, minute) =>
    value !== undefined && (((minute + phase) % period) + period) % period < long ? value * factor : value,
});

/** A share of the minutes without data, the same ones on every run. */
export const holes = (share: number, seed: string): Change => ({
  kind: "shape",
  apply: (value, minute) => (hash(`${seed} ${minute}`) % 10_000 < share * 10_000 ? undefined : value),
});
