import type { Plan } from "../../domain/decision.ts";
import type { Evidence } from "../../domain/evidence.ts";
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { Target } from "../../domain/target.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { type ActInput, permissionOf } from "./act-input.ts";
import { type BegunAction, type Effect, performOnce, toStep } from "./guarded-call.ts";
import { reconcileScale } from "./reconcile.ts";
import { whatChangedOfCount } from "./still-as-judged.ts";

/** Sets the planned desired count, if nobody changed it since the evidence was read. */
export function scale(
  input: ActInput,
  plan: Extract<Plan, { action: "scale" }>,
  action: BegunAction,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { incidentId, attempt, evidence: judged } = input;
  const { target } = input.decision;
  const key = stepName("scale-set", attempt);
  const { from, to } = plan;
  const change = { incidentId, target, key, attempt, purpose: "action", action, from, to, judged } as const;
  return setDesired({ ...change, permission: permissionOf(input) }, run, deps);
}

export interface DesiredChange
  extends Pick<Effect, "incidentId" | "key" | "attempt" | "purpose" | "action" | "permission"> {
  readonly target: Target;
  /** What the change was decided on, where a deployment since then speaks against it. */
  readonly judged?: Evidence;
  readonly from: number;
  readonly to: number;
  /** What the change is to a restart that adds a task first. */
  readonly surge?: ActionStep["surge"];
}

/** Changes the desired count once; skipped when it is not `from` any more. */
export async function setDesired(
  { target, from, to, judged, surge, ...change }: DesiredChange,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const what = `set the desired count from ${from} to ${to}`;
  const mark = surge === undefined ? {} : { surge };
  const stillAsJudged = () => whatChangedOfCount(deps.readers.ecs, target, from, judged, readTimeout(deps));
  const changed = await run.step(`${change.key}-look`, async () => (await stillAsJudged()) ?? null);
  if (changed.value !== null) {
    const detail = `Meanwhile ${changed.value}; nothing was done.`;
    return { ...toStep(what, changed, "skipped", detail), ...mark };
  }
  return performOnce(
    {
      ...change,
      ...mark,
      what,
      stillAsJudged,
      call: () => deps.actuator.setDesiredCount(target, to),
      reconcile: () => reconcileScale(deps.readers.ecs, target, from, to, readTimeout(deps)),
    },
    run,
    deps,
  );
}
