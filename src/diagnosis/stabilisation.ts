/** Some symptoms only tell what they are after a while: a blip looks like saturation at first. */
import type { Cause } from "../domain/cause.ts";
import { alarmMetricOf, type Evidence } from "../domain/evidence.ts";
import { diagnoseWithRules } from "./rules/index.ts";

/** Verdicts that a passing blip also produces. Leaks, kills and hung tasks are not among them: they do not pass. */
const UNSURE: ReadonlySet<Cause> = new Set(["cpu-saturation", "unknown"]);

/** A symptom must have lasted so many periods of its metric before such a verdict is believed. */
const PERIODS_TO_TELL = 5;

/**
 * How many seconds to wait before looking again, or undefined when the evidence can be judged now. It waits only
 * while the alarm's metric is beyond its threshold and everything important could be read.
 */
export function stabilisationSeconds(evidence: Evidence): number | undefined {
  const metric = alarmMetricOf(evidence);
  if (metric?.data.insideThreshold !== false || evidence.gaps.some((gap) => gap.important)) return undefined;
  if (!UNSURE.has(diagnoseWithRules(evidence).cause)) return undefined;
  const age = (Date.parse(evidence.observedAt) - Date.parse(evidence.onset)) / 1000;
  const wait = Math.ceil(PERIODS_TO_TELL * metric.data.periodSeconds - age);
  return wait > 0 ? wait : undefined;
}
