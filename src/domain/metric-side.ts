/**
 * On which side of normal, and of its alarm's threshold, a metric is. The only place that says what "raised" and
 * "lowered" mean: diagnosis, the evidence gate, plans and reports use these.
 */
import type { Comparison } from "./alert.ts";
import type { FactOf } from "./fact.ts";
import { HOT_CPU_PERCENT } from "./limits.ts";

/** A side of a threshold or of a band. */
export type Side = "above" | "below";

type MetricFact = FactOf<"metric">;

/** Returns the sides on which a comparison fires; both for an anomaly band with two edges. */
export function firingSides(comparison: Comparison): readonly Side[] {
  const above = comparison.includes("Greater");
  const below = comparison.includes("Less");
  return [...(above ? (["above"] as const) : []), ...(below ? (["below"] as const) : [])];
}

/** Returns true where the alarm fires when its metric is low, as a minimum of requests or of healthy hosts does. */
export function firesBelow(comparison: Comparison | undefined): boolean {
  return comparison !== undefined && firingSides(comparison).includes("below");
}

/** Returns true when the metric is beyond an upper threshold, or departed upward and has not come back. */
export function isRaised(fact: MetricFact | undefined): boolean {
  return sideOfNormal(fact) === "above";
}

/** Returns true when the metric is beyond a lower threshold, or departed downward and has not come back. */
export function isLowered(fact: MetricFact | undefined): boolean {
  return sideOfNormal(fact) === "below";
}

/**
 * Returns on which side of normal the metric is: of its threshold first, then of its own level before. A spike is a
 * departure that has ended, and a silent metric says nothing about now.
 */
function sideOfNormal(fact: MetricFact | undefined): Side | undefined {
  if (fact === undefined) return undefined;
  const { summary, noDataSince } = fact.data;
  if (noDataSince !== undefined) return undefined;
  const beyond = sideOfThreshold(fact);
  if (beyond !== undefined) return beyond;
  if (summary.shape === "flat" || summary.shape === "spike") return undefined;
  if (summary.direction === "none") return undefined;
  return summary.direction === "up" ? "above" : "below";
}

/** Returns true when the newest points are beyond an upper threshold, that of a scaling policy left out. */
export function isAboveThreshold(fact: MetricFact): boolean {
  return sideOfThreshold(fact) === "above";
}

/**
 * Returns true for a utilisation of which only the threshold says that it is off, and always has: then the threshold tells
 * nothing, such as 0.8 typed for 80 %. One that is hot, or idle, by any measure counts all the same.
 */
function isAlwaysBeyond({ data: { threshold, unit, summary } }: MetricFact, side: Side): boolean {
  const departed = summary.direction !== "none" && summary.shape !== "flat";
  if (departed || threshold === undefined || unit !== "%") return false;
  return side === "above"
    ? summary.baseline > threshold && summary.current <= HOT_CPU_PERCENT
    : summary.baseline < threshold && summary.current >= 100 - HOT_CPU_PERCENT;
}

/**
 * Returns on which side its newest points are beyond the threshold; undefined when they are inside, or when there are
 * none. A scaling policy's threshold says when autoscaling acts, not what is well. Records from before facts had a side
 * are read by the level.
 */
function sideOfThreshold(fact: MetricFact): Side | undefined {
  const { insideThreshold, scalingTarget } = fact.data;
  if (insideThreshold !== false || scalingTarget === true) return undefined;
  const side = sideSaid(fact);
  return side !== undefined && isAlwaysBeyond(fact, side) ? undefined : side;
}

function sideSaid({ data: { beyond, comparison, threshold, summary } }: MetricFact): Side | undefined {
  if (beyond !== undefined || comparison !== undefined || threshold === undefined) return beyond;
  return summary.current < threshold ? "below" : "above";
}

/**
 * Returns the level above which the alarm calls the metric too high; undefined for an alarm that fires below, and for
 * a scaling policy's target.
 */
export function upperLimit(fact: MetricFact | undefined): number | undefined {
  if (fact === undefined || fact.data.scalingTarget === true) return undefined;
  const { threshold, comparison } = fact.data;
  if (comparison !== undefined) return firingSides(comparison).includes("above") ? threshold : undefined;
  return sideOfThreshold(fact) === "below" ? undefined : threshold;
}

/** Returns true when the alarm on this metric fires, or has fired, on its low side. */
export function isLowSideAlarm({ data }: MetricFact): boolean {
  return firesBelow(data.comparison) || data.beyond === "below";
}

/**
 * Returns true when the newest periods that the alarm evaluates have points, so that something can be said about now.
 */
export function isMeasuredNow({ data }: MetricFact): boolean {
  return data.noDataSince === undefined && data.insideThreshold !== undefined;
}
