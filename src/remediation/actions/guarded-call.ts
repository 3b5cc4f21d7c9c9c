/**
 * The one guarded call: every call that changes something passes here. Guard, claim, call once, and where the answer is
 * unclear a read-only look. Never repeated.
 */
import { asOpsAgentError } from "../../domain/errors.ts";
import type { ActionResult, ActionStep, Attempt } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent, Timed } from "../../workflow/durable-steps.ts";
import type { Actuation } from "../ports.ts";

export interface Effect {
  readonly incidentId: string;
  /** Names the effect within its incident; claimed once, ever. */
  readonly key: string;
  readonly what: string;
  readonly attempt: Attempt;
  /** `scale-in` comes after the incident has ended, so that its place is not needed any more. */
  readonly purpose: "action" | "undo" | "scale-in";
  /** What the record says of the action from its first call on; only where the purpose is the action. */
  readonly action?: BegunAction;
  readonly call: () => Promise<Actuation>;
  readonly reconcile: () => Promise<ActionStep["outcome"]>;
}

export type BegunAction = Pick<ActionResult, "action" | "target" | "before" | "undo">;

/** What came of a call that was answered, with the times of the call; `unclear` where the world has to tell. */
type Answered =
  | { readonly outcome: "done" | "refused"; readonly detail: string }
  | { readonly outcome: "unclear"; readonly why: string };

/** What is kept of the call: the step where the answer was clear, else why it was not. */
interface Made {
  readonly startedAt: string;
  readonly step?: ActionStep;
  readonly unclear?: string;
}

/** Makes the call. Without a clear answer the world is read, and what stays unclear is `unknown`. */
export async function performOnce(
  effect: Effect,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { key, what, attempt, purpose, action } = effect;
  const ended = (step: ActionStep): StepEvent => ({ kind: "action-step-ended", attempt, purpose, step });
  const answer = await run.once<Made>(
    key,
    {
      kind: "action-claimed",
      attempt,
      purpose,
      effect: key,
      what,
      ...(action === undefined ? {} : { action }),
    },
    async (begin) => {
      const startedAt = deps.now().toISOString();
      const made = await guarded(effect, begin, deps);
      if (made.outcome === "unclear") return { unclear: made.why, startedAt };
      const { outcome, detail } = made;
      return { step: { what, outcome, detail, startedAt, endedAt: deps.now().toISOString() }, startedAt };
    },
    ({ step }) => (step === undefined ? [] : [ended(step)]),
  );
  if (answer?.value.step !== undefined) return answer.value.step;
  const why = answer?.value.unclear ?? "OpsAgent was stopped in the middle of the call.";
  const toStep = ({ outcome, startedAt, endedAt }: Found): ActionStep => {
    const detail = {
      done: `${why} A look afterwards shows that it was done.`,
      refused: `${why} A look afterwards shows that nothing was changed.`,
      skipped: `${why} A look afterwards shows that nothing was changed.`,
      unknown: `${why} A look afterwards cannot tell whether it was done; check by hand.`,
    }[outcome];
    return { what, outcome, detail, startedAt: answer?.value.startedAt ?? startedAt, endedAt };
  };
  return toStep(await lookAfterwards(effect, (found) => [ended(toStep(found))], run, deps));
}

/**
 * Asks again, immediately before the call, whether it may be made: is the incident still ours, is the call not claimed,
 * is it on record. What throws before the call has changed nothing.
 * A service that is not as it was judged is left alone by the callers, which look at it in a step of their own.
 */
async function guarded(
  effect: Effect,
  begin: () => Promise<void>,
  deps: WorkflowDependencies,
): Promise<Answered> {
  const { incidentId, key, purpose } = effect;
  if (purpose !== "scale-in" && !(await holdsPlace(incidentId, deps))) {
    return { outcome: "refused", detail: GIVEN_UP };
  }
  if (!(await deps.store.claim(`${incidentId}/${key}`, deps.now().toISOString()))) {
    return { outcome: "unclear", why: "This step was claimed before; it is not done again." };
  }
  await begin();
  const made = await effect.call().catch(unclear);
  switch (made.outcome) {
    case "accepted":
      return { outcome: "done", detail: made.detail };
    case "refused": {
      const advice = made.remedy === undefined ? "" : ` ${made.remedy}`;
      return {
        outcome: "refused",
        detail: `AWS refused it: ${made.message}. Nothing was changed.${advice}`,
      };
    }
    case "ambiguous":
      return { outcome: "unclear", why: made.message };
  }
}

const GIVEN_UP =
  "OpsAgent held back: the incident was given up, or another one has its place. Nothing was changed.";

/** People may have been told that it is theirs now, hours ago: a process that comes back must not act on old evidence. */
function holdsPlace(incidentId: string, { store, now }: WorkflowDependencies): Promise<boolean> {
  return store.extendLock(incidentId, now().toISOString());
}

/** A call whose answer was lost can still arrive: "nothing was changed" is only believed when it stays so. */
const LOOKS = 3;

function isLast({ looks, outcome }: Found): boolean {
  return outcome === "done" || looks >= LOOKS;
}

interface Found {
  readonly looks: number;
  readonly outcome: ActionStep["outcome"];
  readonly startedAt: string;
  readonly endedAt: string;
}

/** Looks until it is seen to be done, or often enough; `events` are those of the last look. */
function lookAfterwards(
  { key, reconcile }: Effect,
  events: (found: Found) => readonly StepEvent[],
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Found> {
  return run.poll<Found>(
    `${key}-reconcile`,
    deps.policy.timing.pollSeconds,
    async (before) => {
      const startedAt = before?.startedAt ?? deps.now().toISOString();
      const outcome = await reconcile();
      const looks = (before?.looks ?? 0) + 1;
      const state = { looks, outcome, startedAt, endedAt: deps.now().toISOString() };
      return { state, done: isLast(state) };
    },
    (found) => (isLast(found) ? events(found) : []),
  );
}

/** The call broke off, so nobody knows whether it had its effect: the world has to tell. */
function unclear(thrown: unknown): Actuation {
  return { outcome: "ambiguous", message: asOpsAgentError(thrown).message };
}

/** A step that took place between these times. */
export function toStep(
  what: string,
  times: Timed<unknown>,
  outcome: ActionStep["outcome"],
  detail: string,
): ActionStep {
  return { what, outcome, detail, startedAt: times.startedAt, endedAt: times.endedAt };
}
