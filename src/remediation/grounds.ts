/** What an action rests on beside the alarm's threshold, for the record: a threshold may be mistyped or forged. */
import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Evidence, Fact } from "../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../domain/limits.ts";
import { supportsCause } from "./remedies.ts";

/** Facts that are kept with an action. */
const MOST_GROUNDS = 5;

/**
 * Returns the cited trusted facts that support the cause by themselves, in words. Those that do so only against a
 * threshold are left out, unless the level is high by any measure.
 */
export function groundsOf(diagnosis: Diagnosis, evidence: Evidence): string[] {
  return evidence.facts
    .filter(({ id }) => diagnosis.evidence.includes(id))
    .filter((fact) => supportsCause(diagnosis.cause, withoutThreshold(fact)))
    .slice(0, MOST_GROUNDS)
    .map(wordsOf);
}

function withoutThreshold(fact: Fact): Fact {
  if (fact.kind !== "metric") return fact;
  const { unit, summary } = fact.data;
  if (unit === "%" && summary.current > HOT_CPU_PERCENT) return fact;
  const { threshold: _, insideThreshold: __, beyond: ___, comparison: ____, ...data } = fact.data;
  return { ...fact, data };
}

function wordsOf(fact: Fact): string {
  if (fact.kind === "metric") return `metric ${fact.data.role}`;
  return fact.kind === "stopped-tasks" ? `stopped tasks: ${fact.data.class}` : fact.kind;
}
