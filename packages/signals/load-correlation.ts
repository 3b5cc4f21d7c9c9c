import { sampleCorrelation } from "simple-statistics";
import type { Point } from "./point.ts";
import { byPeriod } from "./usable-points.ts";

export interface LoadCorrelation {
  /** Correlation of the changes, -1 to 1; undefined under five of them, or when either series does not change. */
  readonly correlation: number | undefined;
}

/** A change is taken over so many periods: a symptom may follow its load a period later. */
const LAG = 3;
/** Correlations of fewer pairs say nothing: with four, 1 in 12 of all orders is perfect. */
const FEWEST_PAIRS = 5;

/**
 * Whether a symptom follows the load, by their changes: two series that both rise in the morning have levels in
 * common and nothing else, and one that follows the other turns where it turns.
 */
export function loadCorrelation(
  load: readonly Point[],
  symptom: readonly Point[],
  { periodSeconds }: { readonly periodSeconds: number },
): LoadCorrelation {
  const loads = byPeriod(load, periodSeconds);
  const symptoms = byPeriod(symptom, periodSeconds);
  const changes = [...loads].flatMap(([period, value]) => {
    const [before, after, now] = [loads.get(period - LAG), symptoms.get(period - LAG), symptoms.get(period)];
    if (before === undefined || after === undefined || now === undefined) return [];
    return [{ load: value - before, symptom: now - after }];
  });
  if (changes.length < FEWEST_PAIRS) return { correlation: undefined };
  const correlation = sampleCorrelation(
    changes.map((change) => change.load),
    changes.map((change) => change.symptom),
  );
  // Rounding leaves a perfect correlation a last digit above 1.
  return { correlation: Number.isFinite(correlation) ? Math.max(-1, Math.min(1, correlation)) : undefined };
}
