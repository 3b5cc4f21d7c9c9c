import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { Target } from "../../domain/target.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import type { ActInput } from "./act-input.ts";
import { type BegunAction, type Effect, performOnce, toStep } from "./guarded-call.ts";
import { reconcileScale } from "./reconcile.ts";

/** Sets the planned desired count, if nobody changed it since the evidence was read. */
export function scale(
  input: ActInput,
  plan: Extract<Plan, { action: "scale" }>,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { incidentId, attempt } = input;
  const { target } = input.decision;
  const key = stepName("scale-set", attempt);
  const { from, to } = plan;
  return setDesired({ incidentId, target, key, attempt, purpose: "action", action, from, to }, run, deps);
}

export interface DesiredChange extends Pick<Effect, "incidentId" | "key" | "attempt" | "purpose" | "action"> {
  readonly target: Target;
  readonly from: number;
  readonly to: number;
  /** What the change is to a restart that adds a task first. */
  readonly surge?: ActionStep["surge"];
}

/** Changes the desired count once; skipped when it is not `from` any more. */
export async function setDesired(
  { target, from, to, surge, ...change }: DesiredChange,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const what = `set the desired count from ${from} to ${to}`;
  const mark = surge === undefined ? {} : { surge };
  const current = await run.step(
    `${change.key}-look`,
    async () => (await deps.readers.ecs.service(target, readTimeout(deps)))?.desired ?? null,
  );
  if (current.value !== from) {
    const detail = `The desired count is now ${current.value ?? "unknown"}, not ${from}; nothing was done.`;
    return { ...toStep(what, current, "skipped", detail), ...mark };
  }
  return performOnce(
    {
      ...change,
      ...mark,
      what,
      call: () => deps.actuator.setDesiredCount(target, to),
      reconcile: () => reconcileScale(deps.readers.ecs, target, from, to, readTimeout(deps)),
    },
    run,
    deps,
  );
}
