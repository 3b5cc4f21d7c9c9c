import type { SeriesSummary } from "../../../src/domain/evidence.ts";
import type { Point } from "../../../src/domain/reading.ts";

/** A made-up series with the truth about it. For tests and the benchmark only. */
export interface SyntheticSeries {
  readonly points: readonly Point[];
  readonly periodSeconds: number;
  readonly alarmAt?: number;
  /** Epoch milliseconds; undefined where nothing departs. */
  readonly onset?: number;
  readonly shapes: readonly SeriesSummary["shape"][];
}

import type { Random } from "./seeded-random.ts";

const START = Date.UTC(2025, 0, 15, 10);
const MINUTE = 60;

/** Values on a grid of periods, with the truth in indexes. */
export function series(
  values: readonly number[],
  truth: { onset?: number | undefined; shapes: SyntheticSeries["shapes"]; alarm?: number; period?: number },
): SyntheticSeries {
  const periodSeconds = truth.period ?? MINUTE;
  const at = (index: number) => START + index * periodSeconds * 1000;
  return {
    points: values.map((v, index) => ({ t: at(index), v })),
    periodSeconds,
    ...(truth.alarm === undefined ? {} : { alarmAt: at(truth.alarm) }),
    ...(truth.onset === undefined ? {} : { onset: at(truth.onset) }),
    shapes: truth.shapes,
  };
}

/** Makes a series; `effect` is the change in standard deviations of the noise. */
export type Generator = (random: Random, effect: number) => SyntheticSeries;

/** Level and noise of a metric of any scale: percentages, seconds, requests a minute. */
function scale(random: Random): { level: number; noise: number } {
  const level = 10 ** random.uniform(-2, 4);
  return { level, noise: level * random.uniform(0.02, 0.2) };
}

/** Noise about a level of any scale, with `change(index)` noise deviations added. */
export function changing(random: Random, count: number, change: (index: number) => number): number[] {
  const { level, noise } = scale(random);
  return Array.from({ length: count }, (_, index) => level + noise * (change(index) + random.normal()));
}

export const sign = (random: Random) => (random.uniform(0, 1) < 0.7 ? 1 : -1);
export const flat = { shapes: ["flat"] as const };
