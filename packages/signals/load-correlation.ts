import { sampleRankCorrelation } from "simple-statistics";
import { median } from "./order-statistics.ts";
import type { Point } from "./point.ts";
import { CURRENT_POINTS, summarizeSeries } from "./summarize-series.ts";
import { byPeriod, usablePoints } from "./usable-points.ts";

export interface LoadOptions {
  readonly periodSeconds: number;
  /** When the symptom began, epoch milliseconds; read from the symptom's own series when left out. */
  readonly onset?: number | undefined;
  /** The healthy direction of the symptom. */
  readonly goodDirection?: "low" | "high" | undefined;
}

export interface LoadCorrelation {
  /** Spearman's rho over the periods that both series have, -1 to 1; undefined under five, or when either is constant. */
  readonly correlation: number | undefined;
  /** Load now over load before the symptom (or before the load itself began to change, if that was earlier). */
  readonly loadRatio: number | undefined;
}

/** Rank correlations of fewer pairs say nothing: with four, 1 in 12 of all orders is perfect. */
const FEWEST_PAIRS = 5;

/**
 * Does the growth of load explain the symptom? Traffic that grew together with it does; a symptom without growth,
 * or growth without correlation, does not.
 */
export function loadCorrelation(
  load: readonly Point[],
  symptom: readonly Point[],
  options: LoadOptions,
): LoadCorrelation {
  const pairs = alignedPairs(load, symptom, options.periodSeconds);
  const loads = pairs.map((pair) => pair[0]);
  const symptoms = pairs.map((pair) => pair[1]);
  return {
    correlation: pairs.length < FEWEST_PAIRS ? undefined : rankCorrelation(loads, symptoms),
    loadRatio: loadRatio(usablePoints(load), symptom, options),
  };
}

function alignedPairs(
  load: readonly Point[],
  symptom: readonly Point[],
  periodSeconds: number,
): [number, number][] {
  const loads = byPeriod(load, periodSeconds);
  const symptoms = byPeriod(symptom, periodSeconds);
  const pairs: [number, number][] = [];
  for (const [bucket, value] of loads) {
    const other = symptoms.get(bucket);
    if (other !== undefined) pairs.push([value, other]);
  }
  return pairs;
}

function loadRatio(
  load: readonly Point[],
  symptom: readonly Point[],
  options: LoadOptions,
): number | undefined {
  const { periodSeconds, goodDirection } = options;
  const began = options.onset ?? epoch(summarizeSeries(symptom, { periodSeconds, goodDirection })?.onset);
  const own = summarizeSeries(load, { periodSeconds });
  if (!own) return undefined;
  const until = Math.min(began ?? Number.POSITIVE_INFINITY, epoch(own.onset) ?? Number.POSITIVE_INFINITY);
  const before = load.filter((point) => point.t < until).map((point) => point.v);
  const baseline = Number.isFinite(until) ? median(before) : own.baseline;
  const since = Number.isFinite(until) ? load.length - before.length : load.length;
  const current = median(load.slice(-Math.max(1, Math.min(CURRENT_POINTS, since))).map((point) => point.v));
  if (baseline === 0 || (Number.isFinite(until) && before.length === 0)) return undefined;
  const ratio = current / baseline;
  return Number.isFinite(ratio) ? ratio : undefined;
}

/** Spearman's rho, ties ranked by their average; undefined where either side is constant. */
function rankCorrelation(a: number[], b: number[]): number | undefined {
  const rho = sampleRankCorrelation(a, b);
  // Rounding leaves a perfect order a last digit above 1.
  return Number.isNaN(rho) ? undefined : Math.max(-1, Math.min(1, rho));
}

function epoch(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
