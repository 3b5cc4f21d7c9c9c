import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { type ActInput, permissionOf } from "./act-input.ts";
import { type BegunAction, performOnce, toStep } from "./guarded-call.ts";
import { reconcileRollback } from "./reconcile.ts";
import { whatChangedOfDeployment } from "./still-as-judged.ts";

type RollbackPlan = Extract<Plan, { action: "rollback" }>;

/** Rolls back to the planned task definition, if the service still runs the one that was judged. */
export async function rollBack(
  input: ActInput,
  plan: RollbackPlan,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { incidentId, attempt } = input;
  const { target } = input.decision;
  const what = `roll back from ${plan.from} to ${plan.to}`;
  const key = stepName("rollback", attempt);
  const stillAsJudged = () => whatChangedOfDeployment(deps.readers.ecs, target, plan, readTimeout(deps));
  const changed = await run.step(`${key}-look`, async () => (await stillAsJudged()) ?? null);
  if (changed.value !== null) {
    return toStep(what, changed, "skipped", `Meanwhile ${changed.value}; nothing was done.`);
  }
  return performOnce(
    {
      incidentId,
      key,
      what,
      attempt,
      purpose: "action",
      action,
      permission: permissionOf(input),
      stillAsJudged,
      call: () =>
        plan.how === "stop-deployment"
          ? deps.actuator.rollBackDeployment(target, plan.deploymentArn ?? "")
          : deps.actuator.setTaskDefinition(target, plan.to),
      reconcile: () => reconcileRollback(deps.readers.ecs, target, plan, readTimeout(deps)),
    },
    run,
    deps,
  );
}
