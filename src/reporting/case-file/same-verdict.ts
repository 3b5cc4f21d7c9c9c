/** Checks that pseudonyms do not change the verdict of the rules on a case file. */
import { diagnoseBySigns } from "../../diagnosis/diagnose-by-signs.ts";
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

/**
 * Returns true when rules and code give the same verdict on every round of the file as on the incident, texts aside.
 */
export function sameRulesVerdict(incident: Incident, file: CaseFile, judgedBy: JudgedBy): boolean {
  const { target, id } = incident;
  if (target === undefined) return false;
  return roundsOf(incident).every((round, index) => {
    const inFile = file.rounds[index];
    return (
      inFile !== undefined &&
      essence(round, target, id, judgedBy) === essence(inFile, file.target, file.incidentId, file)
    );
  });
}

/** The parts of a verdict that are not a sentence or a name. */
function essence(
  { evidence, decidedAt }: CaseRound,
  target: Target,
  incidentId: string,
  { policy, ceiling, history }: JudgedBy,
): string {
  const diagnosis = diagnoseBySigns(evidence);
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
