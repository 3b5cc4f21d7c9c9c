/**
 * Takes back an action that made things worse, or that did not help and is not missed. Only added tasks can be
 * removed: a stopped task cannot be brought back, and going forward to a revision that was judged bad is for a person
 * (docs/decisions/2026-11-30-give-back-what-did-not-help.md).
 */
import type { ActionResult, ActionStep, Attempt, Verification } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps } from "../../workflow/durable-steps.ts";
import { stepName } from "../../workflow/step-names.ts";
import { setDesired } from "./scale.ts";
import { whyMissed } from "./spare-capacity.ts";

interface UndoInput {
  readonly incidentId: string;
  readonly action: ActionResult;
  readonly verification: Verification;
  readonly attempt: Attempt;
}

/** Returns the steps that take it back; none where it stays. What stays goes back by scale-in, once recovery holds. */
export async function undo(
  { incidentId, action, verification, attempt }: UndoInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep[]> {
  const { desired: from } = action.before;
  const { desired: to } = action.after;
  const scaled = action.action === "scale" && typeof from === "number" && typeof to === "number";
  if (!scaled || (verification.outcome !== "worse" && verification.outcome !== "unchanged")) return [];
  if (verification.outcome === "unchanged") {
    const look = await run.step(stepName("undo-scale-spare", attempt), () =>
      whyMissed({ target: action.target, from, to, verification }, run.incident.alert, deps),
    );
    if (look.value !== null) return [];
  }
  const key = stepName("undo-scale", attempt);
  const back = {
    incidentId,
    target: action.target,
    key,
    attempt,
    purpose: "undo" as const,
    from: to,
    to: from,
  };
  const steps = [await setDesired(back, run, deps)];
  await run.record(`${key}-ended`, [{ kind: "undone", attempt, steps }]);
  return steps;
}
