/**
 * Some symptoms can only be told apart after a while: a short peak looks like saturation at first, and an alarm follows
 * its metric back only with its next evaluation.
 */
import type { Cause } from "../domain/cause.ts";
import { alarmMetricOf, type Evidence, type FactOf, factsOf } from "../domain/evidence.ts";
import { diagnoseWithRules } from "./rules/index.ts";

/** Verdicts that a short peak also produces. Leaks, kills and hung tasks do not pass by themselves. */
const UNSURE: ReadonlySet<Cause> = new Set(["cpu-saturation", "unknown"]);

/** Periods of the metric for which a symptom must last before such a verdict is used. */
const PERIODS_TO_TELL = 5;

/** Periods within which CloudWatch evaluates an alarm whose metric is back. */
const PERIODS_TO_FOLLOW = 2;

/**
 * Returns the seconds to wait before collecting evidence again, or undefined when the evidence can be judged now.
 * Waits only while the alarm is in ALARM or its metric beyond its threshold, or while the series that a trigger without
 * an alarm names has departed, and every important source was read.
 */
export function stabilisationSeconds(evidence: Evidence): number | undefined {
  const metric = alarmMetricOf(evidence) ?? symptomOf(evidence);
  const inside = metric && isWell(metric);
  if (metric === undefined || inside === undefined || evidence.gaps.some((gap) => gap.important)) {
    return undefined;
  }
  if (inside && !isStillInAlarm(evidence)) return undefined;
  if (!UNSURE.has(diagnoseWithRules(evidence).cause)) return undefined;
  if (inside) return PERIODS_TO_FOLLOW * metric.data.periodSeconds;
  const age = (Date.parse(evidence.observedAt) - Date.parse(evidence.onset)) / 1000;
  const wait = Math.ceil(PERIODS_TO_TELL * metric.data.periodSeconds - age);
  return wait > 0 ? wait : undefined;
}

function symptomOf(evidence: Evidence): FactOf<"metric"> | undefined {
  return factsOf(evidence, "metric").find(({ data }) => data.isSymptom === true);
}

function isWell({ data }: FactOf<"metric">): boolean | undefined {
  if (data.isAlarm === true) return data.insideThreshold;
  return data.summary.onset === undefined || data.summary.shape === "spike";
}

function isStillInAlarm(evidence: Evidence): boolean {
  return factsOf(evidence, "alarm").some(({ data }) => !data.other && data.state === "ALARM");
}
