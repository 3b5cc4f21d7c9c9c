/** The gates before the guardrails: is there an action, does it cure the cause, is the confidence high enough? */
import { canHaveCaused } from "../diagnosis/change-ranking.ts";
import type { Cause } from "../domain/cause.ts";
import type { RuleResult } from "../domain/decision.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../domain/limits.ts";
import type { Policy } from "../domain/policy.ts";
import { ask, pass, refuse } from "./guardrail.ts";
import { MATRIX, matrixRule } from "./remedies.ts";
import { taskSeries } from "./sick-levels.ts";
import { supportsCause, whyOnlyExplains } from "./supporting-facts.ts";

export function judgeAction(diagnosis: Diagnosis): RuleResult {
  const rule = "action-proposed";
  if (!["restart", "scale", "rollback", "none"].includes(diagnosis.action)) {
    return { rule, ...refuse(`"${String(diagnosis.action)}" is not an action.`) };
  }
  return diagnosis.action === "none"
    ? { rule, ...refuse(whyNoAction(diagnosis.cause)) }
    : { rule, ...pass(`${diagnosis.action} is proposed for ${diagnosis.cause}.`) };
}

function whyNoAction(cause: Cause): string {
  if (cause === "no-fault") return "Nothing is wrong, so nothing is done.";
  if (cause === "unknown") return "The cause is not known, so nothing is done.";
  const cures = Object.entries(MATRIX[cause] ?? {}).filter(([, rule]) => rule !== "refuse");
  return cures.length === 0 || cures.every(([, rule]) => rule === "ask-after-deployment")
    ? `No restart, scaling or rollback of this service cures ${cause}.`
    : `The diagnosis proposes no action for this case of ${cause}.`;
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

/** Judges by the table whether the action cures the cause. Asks a person for all but rollbacks, which `mode` judges. */
export function judgeMatrix({ cause, action }: Diagnosis, evidence: Evidence): RuleResult {
  const rule = "cause-action-matrix";
  // A rollback needs approval unless the policy says otherwise, and only `mode` reads the policy.
  const byPerson = (why: string) =>
    action === "rollback"
      ? pass(`${why}rollback can cure ${cause}, by approval unless policy says otherwise.`)
      : ask(`${why}${action} for ${cause} is for a person to decide.`);
  switch (matrixRule(cause, action)) {
    case "allow":
      return { rule, ...pass(`${action} cures ${cause}.`) };
    case "ask":
      return { rule, ...byPerson("") };
    case "ask-after-deployment":
      return followsDeployment(evidence)
        ? { rule, ...byPerson("The onset follows a deployment: ") }
        : { rule, ...refuse(`${action} for ${cause} only makes sense when the onset follows a deployment.`) };
    case "allow-one-hot-task":
      return isOneHotTask(evidence)
        ? { rule, ...pass("One task is hot and the others are cool.") }
        : { rule, ...refuse(`${action} helps ${cause} only when one task is hot and the others are cool.`) };
    case "refuse":
      return { rule, ...refuse(`${action} does not cure ${cause}.`) };
  }
}

/** Returns true when a deployment that the service still lists began shortly before the onset. */
export function followsDeployment(evidence: Evidence): boolean {
  return factsOf(evidence, "deployment").some(({ data }) => canHaveCaused(data.secondsBeforeOnset, evidence));
}

function isOneHotTask(evidence: Evidence): boolean {
  const levels = taskSeries(evidence, "task-cpu").map((fact) => fact.data.summary.current);
  const hot = levels.filter((level) => level > HOT_CPU_PERCENT).length;
  const cool = levels.filter((level) => level < HOT_CPU_PERCENT / 2).length;
  return hot === 1 && levels.length >= 2 && cool === levels.length - 1;
}
