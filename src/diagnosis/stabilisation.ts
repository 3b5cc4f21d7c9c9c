/** Some symptoms can only be told apart after a while: a short peak looks like saturation at first. */
import type { Cause } from "../domain/cause.ts";
import { alarmMetricOf, type Evidence, type FactOf, factsOf } from "../domain/evidence.ts";
import { diagnoseWithRules } from "./rules/index.ts";

/** Verdicts that a short peak also produces. Leaks, kills and hung tasks do not pass by themselves. */
const UNSURE: ReadonlySet<Cause> = new Set(["cpu-saturation", "unknown"]);

/** Periods of the metric for which a symptom must last before such a verdict is used. */
const PERIODS_TO_TELL = 5;

/**
 * Returns the seconds to wait before collecting evidence again, or undefined when the evidence can be judged now.
 * Waits only while the alarm's metric is beyond its threshold, or the series that a trigger without an alarm names has
 * departed, and every important source was read.
 */
export function stabilisationSeconds(evidence: Evidence): number | undefined {
  const metric = alarmMetricOf(evidence) ?? symptomOf(evidence);
  if (metric === undefined || !isOff(metric) || evidence.gaps.some((gap) => gap.important)) return undefined;
  if (!UNSURE.has(diagnoseWithRules(evidence).cause)) return undefined;
  const age = (Date.parse(evidence.observedAt) - Date.parse(evidence.onset)) / 1000;
  const wait = Math.ceil(PERIODS_TO_TELL * metric.data.periodSeconds - age);
  return wait > 0 ? wait : undefined;
}

function symptomOf(evidence: Evidence): FactOf<"metric"> | undefined {
  return factsOf(evidence, "metric").find(({ data }) => data.isSymptom === true);
}

function isOff({ data }: FactOf<"metric">): boolean {
  if (data.isAlarm === true) return data.insideThreshold === false;
  return data.summary.onset !== undefined && data.summary.shape !== "spike";
}
