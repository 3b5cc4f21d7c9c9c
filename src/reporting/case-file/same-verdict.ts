/** Whether a case file is as good as its incident for the rules: pseudonyms must not change what they say. */
import { diagnoseWithRules } from "../../diagnosis/rules/index.ts";
import type { CaseAction, CaseFile, CaseRound } from "../../domain/incident/case-file.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import type { Target } from "../../domain/target.ts";
import { decide } from "../../remediation/decide.ts";
import { roundsOf } from "./rounds.ts";

interface JudgedBy {
  readonly policy: Policy;
  readonly ceiling: Mode;
  readonly history: readonly CaseAction[];
}

/** True when the rules and the code say of every look in the file what they say of the incident, words apart. */
export function sameRulesVerdict(incident: Incident, file: CaseFile, judgedBy: JudgedBy): boolean {
  const { target, id } = incident;
  if (target === undefined) return false;
  return roundsOf(incident).every((round, index) => {
    const told = file.rounds[index];
    return (
      told !== undefined &&
      essence(round, target, id, judgedBy) === essence(told, file.target, file.incidentId, file)
    );
  });
}

/** All of a verdict that is not a sentence or a name. */
function essence(
  { evidence, decidedAt }: CaseRound,
  target: Target,
  incidentId: string,
  { policy, ceiling, history }: JudgedBy,
): string {
  const diagnosis = diagnoseWithRules(evidence);
  const decision = decide({
    diagnosis,
    evidence,
    target,
    policy,
    ceiling,
    history: history.filter((past) => past.at <= decidedAt),
    now: decidedAt,
    incidentId,
  });
  const { cause, action, confidence, severity, evidence: cited, against, ruledOut } = diagnosis;
  return JSON.stringify([
    [cause, action, confidence, severity, cited, against, ruledOut.map((one) => one.cause)],
    [decision.kind, decision.action, decision.confidence.earned],
    decision.trail.map(({ rule, outcome }) => [rule, outcome]),
  ]);
}
