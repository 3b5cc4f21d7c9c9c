/** Checks whether what a person approved is what would be done now. */
import { planHash } from "../domain/approval.ts";
import type { Plan, RuleResult } from "../domain/decision.ts";
import type { Target } from "../domain/target.ts";
import { pass, refuse } from "./guardrail.ts";

export interface GivenApproval {
  /** The plan hash that the answer was bound to. */
  readonly approvedPlanHash: string;
  /** The approved plan, for the reason's text only. */
  readonly approvedPlan?: Plan | undefined;
  readonly incidentId: string | undefined;
}

/** Passes only for exactly the approved change; refuses any other. */
export function judgeApproval(given: GivenApproval, target: Target, plan: Plan): RuleResult {
  const rule = "approved-plan";
  if (given.incidentId === undefined) {
    return { rule, ...refuse("It is not known for which incident the approval was given.") };
  }
  if (planHash(given.incidentId, target, plan) === given.approvedPlanHash) {
    return { rule, ...pass("A person approved exactly this change.") };
  }
  const was = given.approvedPlan === undefined ? "another change" : planText(given.approvedPlan);
  return {
    rule,
    ...refuse(`Approved was ${was}, but now it would be ${planText(plan)}, so the approval is void.`),
  };
}

function planText(plan: Plan): string {
  switch (plan.action) {
    case "restart":
      return `to restart ${plan.tasks.map(({ taskId }) => taskId).join(", ")}${plan.surge === undefined ? "" : ` with one task added first (${plan.surge.from} to ${plan.surge.to})`}`;
    case "scale":
      return `to scale from ${plan.from} to ${plan.to} tasks`;
    case "rollback":
      return `to roll back from ${plan.from} to ${plan.to}${plan.how === "stop-deployment" ? " by stopping the deployment" : ""}`;
  }
}
