/** Diagnosis -> Decision. Pure: the same input gives the same decision, and every rule that fired is in it. */

import type { ActionRecord } from "../domain/action-record.ts";
import type { Pause } from "../domain/brake.ts";
import type { Decision, Plan, RuleResult } from "../domain/decision.ts";
import type { Diagnosis, ModelFailure } from "../domain/diagnosis.ts";
import type { Evidence } from "../domain/evidence.ts";
import { orderOpinions } from "../domain/opinions.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";
import { judgeApproval } from "./approved-plan.ts";
import { earnConfidence } from "./confidence.ts";
import { judgeAction, judgeEvidence, judgeMatrix, judgeThreshold } from "./gates.ts";
import { ask, judgeAll, refuse } from "./guardrail.ts";
import { modeWanted } from "./guardrails/mode.ts";
import { PERMISSION_GUARDRAILS } from "./guardrails/permission-guardrails.ts";
import { policyOfNow } from "./guardrails/policy-of-now.ts";
import { SAFETY_GUARDRAILS } from "./guardrails/safety-guardrails.ts";
import { type Planned, planRestart, planScale } from "./plan.ts";
import { planRollback } from "./rollback-plan.ts";
import { judgeModelFailure, judgeWitness, raiseByAgreement } from "./witness.ts";

export interface DecideInput {
  readonly diagnosis: Diagnosis;
  /** The other opinion where a model was asked; whose it is says `by`, and the rules' leads. */
  readonly secondOpinion?: Diagnosis | undefined;
  /** Why a model that was to be asked gave no opinion. */
  readonly modelFailure?: Pick<ModelFailure, "code"> | undefined;
  /** The service as it is now, for the plan and the guardrails. */
  readonly evidence: Evidence;
  /** The evidence that the diagnosis cites, where the service was read again since. */
  readonly diagnosedOn?: Evidence | undefined;
  readonly target: Target;
  readonly policy: Policy;
  /** Why the policy of now cannot be used, which refuses. */
  readonly policyProblem?: string | undefined;
  /** Names of the policy that are no service of the cluster; left out where a past case is judged again. */
  readonly absentNames?: readonly string[] | "unreadable" | undefined;
  /** The brake as the store has it; left out where a past case is judged again. */
  readonly pauses?: readonly Pause[] | undefined;
  readonly ceiling: Mode;
  /** Past actions of all services, newest first; undefined when the store failed, which refuses. */
  readonly history: readonly ActionRecord[] | undefined;
  readonly now: string;
  /** Distinguishes this incident's own actions from others', and binds an approval. */
  readonly incidentId?: string | undefined;
  /**
   * The plan hash of an approval. It satisfies rules that ask, for exactly that change. Any other change, and
   * whatever a rule refuses, is declined.
   */
  readonly approvedPlanHash?: string | undefined;
  /** The plan of that approval, only to report what changed since. */
  readonly approvedPlan?: Plan | undefined;
}

type WouldHave = NonNullable<Extract<Decision, { kind: "decline" }>["wouldHave"]>;

/** Decides what may be done about a diagnosis. Never throws: a case that cannot be judged is declined. */
export function decide(input: DecideInput): Decision {
  try {
    return judge(input);
  } catch (error) {
    const reason = `The case could not be judged, so nothing is done: ${messageOf(error)}`;
    return {
      kind: "decline",
      cause: input.diagnosis.cause,
      action: input.diagnosis.action,
      confidence: { stated: 0, earned: 0, lowered: [] },
      trail: [{ rule: "can-be-judged", ...refuse(reason) }],
      reasons: [reason],
    };
  }
}

function judge(input: DecideInput): Decision {
  const { evidence, policy, target, modelFailure } = input;
  const { leading: diagnosis, other: witness } = orderOpinions(input.diagnosis, input.secondOpinion);
  const cited = input.diagnosedOn ?? evidence;
  const mine = (input.history ?? []).filter(
    (past) => past.service === target.service && past.cluster === target.cluster,
  );
  const earned = earnConfidence({ diagnosis, evidence: cited, history: mine });
  const confidence = raiseByAgreement(earned, diagnosis, witness, cited);
  const trail: RuleResult[] = confidence.lowered.map((lowering) => ({
    rule: lowering.rule,
    outcome: "lower",
    reason: `${lowering.reason} Confidence at most ${lowering.to.toFixed(2)}.`,
  }));
  const common = { cause: diagnosis.cause, action: diagnosis.action, confidence, trail };
  const decline = (wouldHave?: WouldHave): Decision => ({
    ...common,
    kind: "decline",
    reasons: refusalsIn(trail).map(({ reason }) => reason),
    ...(wouldHave === undefined ? {} : { wouldHave }),
  });

  // Said with every decision, also where nothing would have been done anyway.
  if (input.policyProblem !== undefined) {
    trail.push({ rule: policyOfNow.name, ...refuse(input.policyProblem) });
  }
  const failed = judgeModelFailure(modelFailure, policy);
  if (failed !== undefined) trail.push(failed);
  trail.push(judgeAction(diagnosis, cited));
  if (diagnosis.action === "none") return decline();
  trail.push(judgeThreshold(confidence.earned, policy));
  trail.push(judgeEvidence(diagnosis, cited));
  trail.push(judgeMatrix(diagnosis, cited));
  if (input.history === undefined) {
    trail.push({
      rule: "history",
      ...refuse("The record of past actions could not be read, so nothing is done."),
    });
  }
  if (refusalsIn(trail).length > 0) return decline();

  const planOf = (opinion: Diagnosis) => planFor(opinion, input);
  const planned = planOf(diagnosis);
  if (!planned.ok) {
    trail.push({ rule: "plan", ...refuse(planned.reason) });
    return decline();
  }
  const { plan, doubt } = planned;
  if (doubt !== undefined) trail.push({ rule: "plan", ...ask(doubt) });
  const opinions = { leading: diagnosis, witness, policy, cited, plan, planOf };
  trail.push(...judgeWitness(opinions, confidence));
  const context = {
    target,
    cause: diagnosis.cause,
    plan,
    evidence,
    policy,
    policyProblem: input.policyProblem,
    pauses: input.pauses ?? [],
    absentNames: input.absentNames,
    ceiling: input.ceiling,
    history: input.history ?? [],
    now: input.now,
    incidentId: input.incidentId,
  };
  trail.push(...judgeAll([...PERMISSION_GUARDRAILS, ...SAFETY_GUARDRAILS], context));
  const { approvedPlanHash, approvedPlan, incidentId } = input;
  const approved = approvedPlanHash !== undefined;
  if (approved) trail.push(judgeApproval({ approvedPlanHash, approvedPlan, incidentId }, target, plan));

  const why = askedFor(trail);
  const refusals = refusalsIn(trail);
  if (refusals.length > 0) {
    const onlyMode = refusals.every(({ rule }) => rule === "mode");
    return decline(onlyMode ? { kind: wouldBe(input, plan, why), target, plan } : undefined);
  }
  return why === "" || approved
    ? { ...common, kind: "act", target, plan }
    : { ...common, kind: "ask", target, plan, why };
}

/**
 * Returns what would have been done without the mode that refuses; a rollback is asked for unless the policy says
 * `auto`.
 */
function wouldBe({ policy, target }: DecideInput, plan: Plan, why: string): WouldHave["kind"] {
  const wanted = modeWanted(policy, target.service, plan.action);
  const unattended = wanted === "auto" || (wanted === "observe" && plan.action !== "rollback");
  return why === "" && unattended ? "act" : "ask";
}

function refusalsIn(trail: readonly RuleResult[]): RuleResult[] {
  return trail.filter((result) => result.outcome === "refuse");
}

function askedFor(trail: readonly RuleResult[]): string {
  return trail
    .filter((result) => result.outcome === "ask")
    .map((result) => result.reason)
    .join(" ");
}

function planFor(diagnosis: Diagnosis, { evidence, policy, target }: DecideInput): Planned {
  if (diagnosis.action === "restart") return planRestart(evidence, diagnosis.cause, policy);
  if (diagnosis.action === "scale") return planScale(evidence, policy);
  if (diagnosis.action === "rollback") return planRollback(evidence, target);
  return { ok: false, reason: `${diagnosis.action} has no plan.` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
