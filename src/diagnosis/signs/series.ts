/** How signs read one series: how much it rose or fell, whether it still does, and how high it is. */
import type { FactOf } from "../../domain/evidence.ts";
import { isAboveThreshold, isLowered, isRaised } from "../../domain/metric-side.ts";
import { grade, type Reading, reading } from "./sign.ts";

export type Metric = FactOf<"metric">;

/** Degree of what rose with the start of a task that still warms up. */
const WARM_UP = 0.3;

/** Returns whether the metric is raised and still is; not known where it is not measured or silent. */
export function raised(fact: Metric | undefined): Reading | undefined {
  if (fact === undefined || fact.data.noDataSince !== undefined) return undefined;
  const degree = fact.data.startUp === true ? WARM_UP : 1;
  return moved(fact, isRaised(fact) ? degree : 0, "up");
}

/** Returns whether the metric is lowered and still is; not known where it is not measured or silent. */
export function lowered(fact: Metric | undefined): Reading | undefined {
  if (fact === undefined || fact.data.noDataSince !== undefined) return undefined;
  return moved(fact, isLowered(fact) ? 1 : 0, "down");
}

function moved(fact: Metric, degree: number, direction: "up" | "down"): Reading {
  const { onset } = fact.data.summary;
  return reading(degree, [fact], degree > 0 && onset !== undefined ? { from: onset, direction } : {});
}

/** Returns the strongest of the readings; not known where none is known. */
export function strongest(readings: readonly (Reading | undefined)[]): Reading | undefined {
  return readings
    .flatMap((one) => one ?? [])
    .reduce<Reading | undefined>(
      (best, one) => (best === undefined || one.degree > best.degree ? one : best),
      undefined,
    );
}

/** Returns how high a utilisation is: `none` % or less is no, `full` % or more yes, and so is one above its alarm's threshold. */
export function high(fact: Metric | undefined, none: number, full: number): Reading | undefined {
  if (fact === undefined || fact.data.noDataSince !== undefined) return undefined;
  const level = isAboveThreshold(fact) ? 1 : grade(fact.data.summary.current, none, full);
  return reading(level, [fact]);
}

/** Returns the current level as a multiple of the baseline; undefined without a baseline above zero. */
export function ratio(fact: Metric | undefined): number | undefined {
  if (fact === undefined || fact.data.noDataSince !== undefined || fact.data.summary.baseline <= 0)
    return undefined;
  return fact.data.summary.current / fact.data.summary.baseline;
}
