import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { ServiceReading } from "../../domain/reading.ts";
import { isInProgress } from "../../evidence/facts/service-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { sameDefinition } from "../rollback-plan.ts";
import type { ActInput } from "./act-input.ts";
import { type BegunAction, performOnce, toStep } from "./guarded-call.ts";
import { reconcileRollback } from "./reconcile.ts";

type RollbackPlan = Extract<Plan, { action: "rollback" }>;

/** Rolls back to the planned task definition, if the service still runs the one that was judged. */
export async function rollBack(
  { incidentId, attempt, decision: { target } }: ActInput,
  plan: RollbackPlan,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const what = `roll back from ${plan.from} to ${plan.to}`;
  const key = stepName("rollback", attempt);
  const changed = await run.step(`${key}-look`, async () => {
    const service = await deps.readers.ecs.service(target, readTimeout(deps));
    return service === undefined ? "the service is gone" : (whatChanged(service, plan) ?? null);
  });
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

function whatChanged(service: ServiceReading, plan: RollbackPlan): string | undefined {
  const primary = service.deployments.find((one) => one.status === "PRIMARY");
  if (primary === undefined || !sameDefinition(primary.taskDefinition, plan.from)) {
    return `the service went over to ${primary?.taskDefinition ?? "another task definition"}`;
  }
  const rolling = isInProgress(primary, service.deployments.length);
  if (plan.how === "stop-deployment" && !rolling) return "the deployment has ended";
  return plan.how === "update-service" && rolling ? "a deployment has begun" : undefined;
}
