/** The gates before the guardrails: is there an action, does it cure the cause, is the confidence high enough? */
import type { Cause } from "../domain/cause.ts";
import type { RuleResult } from "../domain/decision.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { ask, pass, refuse } from "./guardrail.ts";
import { judgeRemedy } from "./judge-remedy.ts";
import { isOutsideFault, remediesOf, remedyFor, supportsCause } from "./remedies.ts";
import { whyOnlyExplains } from "./trusted.ts";

export function judgeAction(diagnosis: Diagnosis, evidence: Evidence): RuleResult {
  const rule = "action-proposed";
  if (!["restart", "scale", "rollback", "none"].includes(diagnosis.action)) {
    return { rule, ...refuse(`"${String(diagnosis.action)}" is not an action.`) };
  }
  return diagnosis.action === "none"
    ? { rule, ...refuse(whyNoAction(diagnosis.cause, evidence)) }
    : { rule, ...pass(`${diagnosis.action} is proposed for ${diagnosis.cause}.`) };
}

function whyNoAction(cause: Cause, evidence: Evidence): string {
  if (cause === "no-fault") return "Nothing is wrong, so nothing is done.";
  if (cause === "unknown") return "The cause is not known, so nothing is done.";
  if (isOutsideFault(cause)) return `No restart, scaling or rollback of this service cures ${cause}.`;
  const why = remediesOf(cause).flatMap((action) => {
    const { outcome, clauses } = judgeRemedy(cause, action, evidence);
    return outcome === "refuse" ? `No ${action}: ${clauses.join("; ")}.` : [];
  });
  return [`The diagnosis proposes no action for this case of ${cause}.`, ...why].join(" ");
}

export function judgeThreshold(earned: number, policy: Policy): RuleResult {
  const rule = "confidence-threshold";
  const threshold = policy.limits.confidenceThreshold;
  return earned > threshold
    ? { rule, ...pass(`Earned confidence ${earned.toFixed(2)} is above ${threshold}.`) }
    : { rule, ...refuse(`Earned confidence ${earned.toFixed(2)} is not above ${threshold}.`) };
}

export function judgeEvidence(diagnosis: Diagnosis, evidence: Evidence): RuleResult {
  const rule = "evidence-gate";
  const support = evidence.facts.filter(
    (fact) => diagnosis.evidence.includes(fact.id) && supportsCause(diagnosis.cause, fact),
  );
  if (support.length > 0) {
    return {
      rule,
      ...pass(
        `${support.map((fact) => fact.id).join(", ")} ${support.length === 1 ? "supports it, and AWS vouches for it" : "support it, and AWS vouches for them"}.`,
      ),
    };
  }
  const discounted = evidence.facts
    .filter((fact) => diagnosis.evidence.includes(fact.id))
    .flatMap((fact) => {
      const why = whyOnlyExplains(fact);
      return why === undefined ? [] : [`${fact.id} does not count: ${why}`];
    });
  const reasons = discounted.slice(0, MOST_REASONS).map((reason) => `; ${reason}`);
  return {
    rule,
    ...refuse(`No fact that AWS vouches for supports ${diagnosis.cause}${reasons.join("")}.`),
  };
}

/** More would hide the others. */
const MOST_REASONS = 3;

/**
 * Judges by the table of remedies whether the action cures the cause here. For a rollback `mode` asks, or passes where
 * the policy says so.
 */
export function judgeMatrix({ cause, action }: Diagnosis, evidence: Evidence): RuleResult {
  const rule = "cause-action-matrix";
  if (remedyFor(cause, action) === undefined) {
    return { rule, ...refuse(`${action} does not cure ${cause}.`) };
  }
  const { outcome, clauses } = judgeRemedy(cause, action, evidence);
  const read = clauses.length === 0 ? "" : `: ${clauses.join("; ")}`;
  switch (outcome) {
    case "pass":
      return { rule, ...pass(`${action} can cure ${cause}${read}.`) };
    case "ask":
      return { rule, ...ask(`${action} for ${cause} is for a person to decide${read}.`) };
    case "refuse":
      return { rule, ...refuse(`${action} for ${cause} is refused${read}.`) };
  }
}
