/**
 * Undoes an action that made things worse. Only added tasks can be removed: a stopped task cannot be brought back,
 * and going forward to a revision that was judged bad is for a person. Capacity that did not help but did no harm
 * stays, since removing it under load could hurt (docs/decisions/2026-11-24-undo.md); it is scaled in once the
 * service is calm.
 */
import type { Cause } from "../../domain/cause.ts";
import type { ActionResult, ActionStep, Attempt, Verification } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { setDesired } from "./scale.ts";

interface UndoInput {
  readonly incidentId: string;
  readonly cause: Cause;
  /** A person approved the action. */
  readonly approved: boolean;
  readonly action: ActionResult;
  readonly verification: Verification;
  readonly attempt: Attempt;
}

export async function undo(
  { incidentId, cause, approved, action, verification, attempt }: UndoInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { desired: from } = action.before;
  const { desired: to } = action.after;
  const scaled = action.action === "scale" && typeof from === "number" && typeof to === "number";
  if (!scaled || verification.outcome !== "worse") return [];
  const key = stepName("undo-scale", attempt);
  const back = {
    incidentId,
    target: action.target,
    key,
    attempt,
    purpose: "undo" as const,
    from: to,
    to: from,
    permission: {
      target: action.target,
      cause,
      plan: { action: "scale" as const, from: to, to: from },
      approved,
    },
  };
  const steps = [await setDesired(back, run, deps)];
  await run.record(`${key}-ended`, [{ kind: "undone", attempt, steps }]);
  return steps;
}
