/** The actions of a record, as their events make them. Pure. */
import type { ActionResult, ActionStep, Attempt, Incident } from "./incident.ts";
import type { EventOf } from "./incident-event.ts";

/** Changes the action of an attempt, or adds it; what `change` gives as undefined stays as it is. */
export function withAction(
  record: Incident,
  attempt: Attempt,
  change: (action: ActionResult | undefined) => ActionResult | undefined,
): Incident {
  const index = record.actions.findIndex((action) => action.attempt === attempt);
  const action = change(index < 0 ? undefined : record.actions[index]);
  if (action === undefined) return record;
  const actions = index < 0 ? [...record.actions, action] : record.actions.with(index, action);
  return { ...record, actions };
}

/** From the first claim on the action stands in the record: nobody can say any more that nothing was done. */
export function claimed(record: Incident, { attempt, purpose, action }: EventOf<"action-claimed">): Incident {
  if (purpose !== "action" || action === undefined) return record;
  return withAction(
    record,
    attempt,
    (begun) => begun ?? { ...action, attempt, outcome: "unknown", after: {}, steps: [] },
  );
}

/** Adds a step to the action that was claimed. */
export function stepped(
  record: Incident,
  { attempt, purpose, step }: EventOf<"action-step-ended">,
): Incident {
  if (purpose !== "action") return record;
  return withAction(record, attempt, (begun) => {
    if (begun === undefined) return undefined;
    const steps: ActionStep[] = [...begun.steps, step];
    return { ...begun, steps, outcome: stepsOutcome(steps) };
  });
}

/** Whether the action itself was made, or may have been; a task that was added for it alone is not the action. */
export function wasMade(steps: readonly ActionStep[]): boolean {
  return steps.some(
    ({ what, surge, outcome }) =>
      surge === undefined && !what.startsWith("wait") && (outcome === "done" || outcome === "unknown"),
  );
}

/** Why an action was not made: what was refused, else what did not come about, else what was said last. */
export function whyNotMade(steps: readonly ActionStep[]): string | undefined {
  const why = (wanted: ActionStep["outcome"]) => steps.find(({ outcome }) => outcome === wanted);
  return (why("refused") ?? why("unknown") ?? steps.at(-1))?.detail;
}

/**
 * What the steps of an action came to. A wait changes nothing by itself, and a task that was added for a restart and
 * taken away again leaves everything as it was.
 */
export function stepsOutcome(steps: readonly ActionStep[]): ActionResult["outcome"] {
  const changes = steps.filter((step) => !step.what.startsWith("wait"));
  const own = changes.filter(({ surge }) => surge === undefined);
  const added = changes.find(({ surge }) => surge === "added");
  const returned = changes.find(({ surge }) => surge === "returned");
  if (own.some(({ outcome }) => outcome === "unknown") || added?.outcome === "unknown") return "unknown";
  const remains = added?.outcome === "done" && returned?.outcome !== "done";
  if (!own.some(({ outcome }) => outcome === "done") && !remains) return "nothing-changed";
  return steps.every((step) => step.outcome === "done" || step.outcome === "skipped")
    ? "done"
    : "partly-done";
}
