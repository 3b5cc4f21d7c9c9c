/** Metric series: a level, changes, and realistic noise. */
import type { Minute } from "./minute.ts";
import { createRandom } from "./random.ts";

type Value = number | undefined;

export interface Series {
  readonly base: number;
  readonly changes: readonly Change[];
}

export type Change =
  | { readonly kind: "shape"; readonly apply: (value: Value, minute: Minute) => Value }
  | { readonly kind: "noise"; readonly size: number };

/** The oldest minute that any window may ask for. */
export const OLDEST_MINUTE = -240;

/** Returns a series at `base` with the changes in order. */
export const series = (base: number, ...changes: readonly Change[]): Series => ({ base, changes });

/** From `at` on the value is `to`, reached within `over` minutes. */
export const step = (at: Minute, to: number, over = 2): Change => shape(at, 0, to, over);

/** A linear change from the value at `from` to `to` at `until`, where it stays. */
export const ramp = (from: Minute, to: number, until: Minute = 0): Change => shape(from, 0, to, until - from);

/** `to` between two times only. */
export const pulse = (from: Minute, until: Minute, to: number): Change => shape(from, until, to, 1);

/** Alternates between two levels from a time on, like garbage collection, flapping and retries. */
export const wave = (from: Minute, period: number, low: number, high: number): Change => ({
  kind: "shape",
  apply: (value, minute) =>
    value === undefined || minute < from
      ? value
      : low + ((high - low) * (1 - Math.cos((2 * Math.PI * (minute - from)) / period))) / 2,
});

/** Climbs from `low` to `high` and falls back at once, repeatedly: a leak with restarts. */
export const sawtooth = (period: number, low: number, high: number, phase = 0): Change => ({
  kind: "shape",
  apply: (value, minute) =>
    value === undefined
      ? value
      : low + ((high - low) * ((((minute + phase) % period) + period) % period)) / period,
});

/** No data between two times. */
export const without = (from: Minute, until: Minute = 1): Change => ({
  kind: "shape",
  apply: (value, minute) => (minute >= from && minute < until ? undefined : value),
});

/** Relative noise other than the usual 4 %, or 1.2 % for memory. */
export const noise = (size: number): Change => ({ kind: "noise", size });

function shape(from: Minute, until: Minute, to: number, over: number): Change {
  const end = until === 0 ? Number.POSITIVE_INFINITY : until;
  return {
    kind: "shape",
    apply: (value, minute) =>
      value === undefined || minute < from || minute >= end
        ? value
        : value + (to - value) * Math.min(1, (minute - from + 1) / Math.max(1, over)),
  };
}

/** The value at a minute without noise. */
export function valueAt({ base, changes }: Series, minute: Minute): number | undefined {
  let value: Value = base;
  for (const change of changes) if (change.kind === "shape") value = change.apply(value, minute);
  return value;
}

/**
 * The values by minute, oldest first, the last one at minute -1. Noise is a first-order autoregression of the size
 * that the series names, else of `usualNoise`.
 */
export function valuesOf({ base, changes }: Series, seed: string, usualNoise = 0.04): Value[] {
  const random = createRandom(seed);
  const size = changes.findLast((change) => change.kind === "noise")?.size ?? usualNoise;
  const phase = random.next() * 6;
  let wander = 0;
  return Array.from({ length: -OLDEST_MINUTE }, (_, index) => {
    const minute = OLDEST_MINUTE + index;
    wander = 0.55 * wander + size * random.gauss() * 0.8;
    const drift = size * 0.7 * Math.sin(phase + minute / 21);
    const bump = random.next() < 0.015 ? size * 3 * random.next() : 0;
    const value = valueAt({ base, changes }, minute);
    return value === undefined ? undefined : Math.max(0, value * (1 + wander + drift + bump));
  });
}
