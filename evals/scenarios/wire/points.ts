/** Stored values of a metric -> the points of a query, aggregated to its period. */
import { createRandom } from "../random.ts";
import { OLDEST_MINUTE, type Series, valueAt } from "../series.ts";
import type { Scene } from "./scene.ts";

type Values = readonly (number | undefined)[];

/** A stored metric: the values a minute for each statistic, and what they usually are on other days. */
export interface Stored {
  read(statistic: string): Values;
  readonly before?: { readonly usual: Series; readonly seed: string };
}

const DAY_MS = 86_400_000;
/** Relative noise of what was measured on other days. */
const NOISE_BEFORE = 0.04;

/** The end of the newest stored point, epoch milliseconds. */
export const newestPoint = (scene: Scene): number => Math.floor(scene.now / scene.minuteMs) * scene.minuteMs;

/** Points of a metric under a statistic and a period, oldest first; `window` is in epoch milliseconds. */
export function pointsOf(
  scene: Scene,
  stored: Stored,
  stat: { readonly Period: number; readonly Stat: string },
  window: readonly [number, number],
): { readonly t: number; readonly v: number }[] {
  const buckets = new Map<number, number[]>();
  const put = (t: number, value: number | undefined) => {
    if (value === undefined) return;
    const start = Math.floor(t / (stat.Period * 1000)) * stat.Period * 1000;
    const bucket = buckets.get(start);
    if (bucket === undefined) buckets.set(start, [value]);
    else bucket.push(value);
  };
  const oldest = newestPoint(scene) + OLDEST_MINUTE * scene.minuteMs;
  olderPoints(scene, stored, [window[0], Math.min(window[1], oldest)], put);
  stored.read(stat.Stat).forEach((value, index) => void put(oldest + index * scene.minuteMs, value));
  return [...buckets].map(([t, found]) => ({ t, v: together(found, stat.Stat) }));
}

function olderPoints(
  scene: Scene,
  { before }: Stored,
  [from, to]: readonly [number, number],
  put: (t: number, value: number | undefined) => void,
): void {
  if (before === undefined) return;
  const base = newestPoint(scene);
  const first = Math.ceil(from / scene.minuteMs) * scene.minuteMs;
  const random = createRandom(`${before.seed} ${first}`);
  for (let t = first; t < to; t += scene.minuteMs) {
    const days = Math.round((base - t) / DAY_MS);
    const value = valueAt(before.usual, (t + days * DAY_MS - base) / scene.minuteMs);
    put(t, value === undefined ? undefined : Math.max(0, value * (1 + NOISE_BEFORE * random.gauss())));
  }
}

/** Aggregates minutes to a longer period. */
export function together(values: readonly number[], statistic: string): number {
  const sum = values.reduce((total, value) => total + value, 0);
  if (statistic === "Sum") return sum;
  if (statistic === "Maximum") return Math.max(...values);
  if (statistic === "Minimum") return Math.min(...values);
  return sum / values.length;
}
