/** Diagnosis -> Decision. Pure: the same input gives the same decision, and every rule that fired is in it. */
import type { ActionRecord } from "../domain/action-record.ts";
import type { Cause } from "../domain/cause.ts";
import type { Decision, RuleResult } from "../domain/decision.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { type Evidence, factsOf, metricsOf } from "../domain/evidence.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";
import { earnConfidence } from "./confidence.ts";
import { ask, judgeAll, pass, refuse } from "./context.ts";
import { MATRIX, matrixRule } from "./matrix.ts";
import { PERMISSION_GUARDRAILS } from "./permission-guardrails.ts";
import { type Planned, planRestart, planRollback, planScale } from "./plan.ts";
import { SAFETY_GUARDRAILS } from "./safety-guardrails.ts";
import { supportsCause } from "./support.ts";

export interface DecideInput {
  readonly diagnosis: Diagnosis;
  /** The rules' verdict where a model diagnosed. */
  readonly rules?: Diagnosis | undefined;
  readonly evidence: Evidence;
  readonly target: Target;
  readonly policy: Policy;
  readonly ceiling: Mode;
  /** Past actions of all services, newest first; undefined when the store could not say, which refuses. */
  readonly history: readonly ActionRecord[] | undefined;
  readonly now: string;
}

/** Decides what may be done about a diagnosis. Never throws: what cannot be judged is declined. */
export function decide(input: DecideInput): Decision {
  const { diagnosis, evidence, policy, target } = input;
  const mine = (input.history ?? []).filter(
    (past) => past.service === target.service && past.cluster === target.cluster,
  );
  const confidence = earnConfidence({ diagnosis, rules: input.rules, evidence, history: mine });
  const trail: RuleResult[] = confidence.lowered.map((lowering) => ({
    rule: lowering.rule,
    outcome: "lower",
    reason: `${lowering.reason} Confidence at most ${lowering.to.toFixed(2)}.`,
  }));
  const common = { cause: diagnosis.cause, confidence, trail };
  const decline = (): Decision => ({
    ...common,
    kind: "decline",
    action: diagnosis.action,
    reasons: trail.filter((result) => result.outcome === "refuse").map((result) => result.reason),
  });

  trail.push(judgeAction(diagnosis));
  if (diagnosis.action === "none") return decline();
  trail.push(judgeThreshold(confidence.earned, policy));
  trail.push(judgeEvidence(input));
  trail.push(judgeMatrix(input));
  if (input.history === undefined) {
    trail.push({
      rule: "history",
      ...refuse("The record of past actions could not be read, so nothing is done."),
    });
  }
  if (isRefused(trail)) return decline();

  const planned = planFor(input);
  if (!planned.ok) {
    trail.push({ rule: "plan", ...refuse(planned.reason) });
    return decline();
  }
  const { plan, provenSick } = planned;
  const context = {
    target,
    cause: diagnosis.cause,
    plan,
    provenSick,
    evidence,
    policy,
    ceiling: input.ceiling,
    history: input.history ?? [],
    now: input.now,
  };
  if (plan.action === "rollback") {
    // The safety rules are about restarts and scaling; a rollback is only ever a question to a person.
    trail.push(...judgeAll(PERMISSION_GUARDRAILS, context), {
      rule: "rollback-by-hand",
      ...ask(
        `Going back from ${plan.from} to ${plan.to} is for a person; this version does not carry it out.`,
      ),
    });
  } else {
    trail.push(...judgeAll([...PERMISSION_GUARDRAILS, ...SAFETY_GUARDRAILS], context));
  }
  if (isRefused(trail)) return decline();
  const why = askedFor(trail);
  return why === ""
    ? { ...common, kind: "act", action: diagnosis.action, target, plan }
    : { ...common, kind: "ask", action: diagnosis.action, target, plan, why };
}

function isRefused(trail: readonly RuleResult[]): boolean {
  return trail.some((result) => result.outcome === "refuse");
}

function askedFor(trail: readonly RuleResult[]): string {
  return trail
    .filter((result) => result.outcome === "ask")
    .map((result) => result.reason)
    .join(" ");
}

function judgeAction(diagnosis: Diagnosis): RuleResult {
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

function judgeThreshold(earned: number, policy: Policy): RuleResult {
  const rule = "confidence-threshold";
  const threshold = policy.limits.confidenceThreshold;
  return earned > threshold
    ? { rule, ...pass(`Earned confidence ${earned.toFixed(2)} is above ${threshold}.`) }
    : { rule, ...refuse(`Earned confidence ${earned.toFixed(2)} is not above ${threshold}.`) };
}

function judgeEvidence({ diagnosis, evidence }: DecideInput): RuleResult {
  const rule = "evidence-gate";
  const support = evidence.facts.filter(
    (fact) => diagnosis.evidence.includes(fact.id) && supportsCause(diagnosis.cause, fact),
  );
  return support.length > 0
    ? { rule, ...pass(`${support.map((fact) => fact.id).join(", ")} support it and are not log text.`) }
    : {
        rule,
        ...refuse(`No control-plane or metric fact supports ${diagnosis.cause}; log text alone never acts.`),
      };
}

function judgeMatrix({ diagnosis, evidence }: DecideInput): RuleResult {
  const rule = "cause-action-matrix";
  const { cause, action } = diagnosis;
  switch (matrixRule(cause, action)) {
    case "allow":
      return { rule, ...pass(`${action} cures ${cause}.`) };
    case "ask":
      return { rule, ...ask(`${action} for ${cause} is for a person to decide.`) };
    case "ask-after-deployment":
      return followsDeployment(evidence)
        ? {
            rule,
            ...ask(`The onset follows a deployment: ${action} for ${cause} is for a person to decide.`),
          }
        : { rule, ...refuse(`${action} for ${cause} only makes sense when the onset follows a deployment.`) };
    case "allow-one-hot-task":
      return isOneHotTask(evidence)
        ? { rule, ...pass("One task is hot and the others are cool.") }
        : { rule, ...refuse(`${action} helps ${cause} only when one task is hot and the others are cool.`) };
    case "refuse":
      return { rule, ...refuse(`${action} does not cure ${cause}.`) };
  }
}

/** A deployment that began within this time before the onset can have caused it. */
const DEPLOYMENT_BLAME_SECONDS = 3600;

function followsDeployment(evidence: Evidence): boolean {
  return factsOf(evidence, "deployment").some((fact) => {
    const before = fact.data.secondsBeforeOnset;
    return before !== undefined && before >= 0 && before <= DEPLOYMENT_BLAME_SECONDS;
  });
}

/** Above this a task's CPU is saturated; below half of it, it is cool. */
const HOT_CPU_PERCENT = 80;

function isOneHotTask(evidence: Evidence): boolean {
  const levels = metricsOf(evidence, "task-cpu").map((fact) => fact.data.summary.current);
  const hot = levels.filter((level) => level > HOT_CPU_PERCENT).length;
  const cool = levels.filter((level) => level < HOT_CPU_PERCENT / 2).length;
  return hot === 1 && levels.length >= 2 && cool === levels.length - 1;
}

function planFor({ diagnosis, evidence, policy }: DecideInput): Planned {
  if (diagnosis.action === "restart") return planRestart(evidence, diagnosis.cause, policy);
  if (diagnosis.action === "scale") return planScale(evidence, policy);
  if (diagnosis.action === "rollback") return planRollback(evidence);
  return { ok: false, reason: `${diagnosis.action} has no plan.` };
}
