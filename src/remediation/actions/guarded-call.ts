/**
 * The guarded call, which every changing call passes: ask again, claim, call once; where the answer is unclear, a
 * read-only look. Never repeated.
 */
import { asOpsAgentError } from "../../domain/errors.ts";
import type { ActionResult, ActionStep, Attempt } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent, Timed } from "../../workflow/durable-steps.ts";
import type { Actuation } from "../ports.ts";
import {
  type Permission,
  type Refusal,
  type StoppedTask,
  whyForbiddenNow,
  whyNotNow,
} from "./permission-now.ts";

export interface Effect {
  readonly incidentId: string;
  /** Names the effect within its incident. It is claimed once, ever. */
  readonly key: string;
  readonly what: string;
  readonly attempt: Attempt;
  /** `scale-in` comes after the incident is closed, so it does not need the incident lock. */
  readonly purpose: "action" | "undo" | "scale-in";
  /** What the change is to a restart that adds a task first. */
  readonly surge?: ActionStep["surge"];
  /** The action as the record has it from its first call on; only with purpose `action`. */
  readonly action?: BegunAction;
  readonly permission: Permission;
  /** Set where the call stops a task: what keeps serving must not fall below the floor. */
  readonly stops?: StoppedTask;
  /** Reads the service: undefined while it is as it was judged, else what is different. Nothing is done then. */
  readonly stillAsJudged: () => Promise<string | undefined>;
  readonly call: () => Promise<Actuation>;
  readonly reconcile: () => Promise<ActionStep["outcome"]>;
}

export type BegunAction = Pick<ActionResult, "action" | "target" | "before" | "undo">;

/** The answer to a call with the times of the call; `unclear` when only reading the service can tell. */
type Answered =
  | { readonly outcome: "done" | "refused" | "skipped"; readonly detail: string }
  | { readonly outcome: "unclear"; readonly why: string };

/** What is stored of the call: the step where the answer was clear, else why it was not. */
interface Made {
  readonly startedAt: string;
  readonly step?: ActionStep;
  readonly unclear?: string;
}

/** Makes the call once. Without a clear answer it reads the service; what stays unclear is `unknown`. */
export async function performOnce(
  effect: Effect,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { key, attempt, purpose, action } = effect;
  const what = { what: effect.what, ...(effect.surge === undefined ? {} : { surge: effect.surge }) };
  const ended = (step: ActionStep): StepEvent => ({ kind: "action-step-ended", attempt, purpose, step });
  const answer = await run.once<Made>(
    key,
    {
      kind: "action-claimed",
      attempt,
      purpose,
      effect: key,
      what: effect.what,
      ...(action === undefined ? {} : { action }),
    },
    async (begin) => {
      const startedAt = deps.now().toISOString();
      const made = await guarded(effect, begin, deps);
      if (made.outcome === "unclear") return { unclear: made.why, startedAt };
      const { outcome, detail } = made;
      return { step: { ...what, outcome, detail, startedAt, endedAt: deps.now().toISOString() }, startedAt };
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
    // Without an answer the process ended within the step, perhaps before it called at all.
    const lost = answer === undefined && outcome === "refused" ? { lost: true } : {};
    return { ...what, ...lost, outcome, detail, startedAt: answer?.value.startedAt ?? startedAt, endedAt };
  };
  return toStep(await lookAfterwards(effect, (found) => [ended(toStep(found))], run, deps));
}

/**
 * Asks again, immediately before the call: does every rule allow it as things are now, does the incident hold the lock,
 * is the service still as it was judged. Then the call is claimed and the record written, which can take a while: the
 * brake and the policy are asked once more. A throw before the call means that nothing changed.
 */
async function guarded(
  effect: Effect,
  begin: () => Promise<void>,
  deps: WorkflowDependencies,
): Promise<Answered> {
  const { incidentId, key, purpose, permission, stops } = effect;
  const refusal = await whyNotNow(incidentId, permission, stops, deps);
  if (purpose !== "scale-in" && !(await holdsLock(incidentId, deps))) {
    return { outcome: "refused", detail: GIVEN_UP };
  }
  if (refusal !== undefined) return heldBack(refusal);
  const seen = await effect.stillAsJudged().then(
    (changed) => ({ changed }),
    (error: unknown) => ({ unreadable: asOpsAgentError(error).message }),
  );
  if ("unreadable" in seen) {
    const reason = `Whether the service is still as it was judged could not be read: ${seen.unreadable}`;
    return heldBack({ rule: "still-as-judged", reason });
  }
  if (seen.changed !== undefined) {
    return { outcome: "skipped", detail: `Meanwhile ${seen.changed}; nothing was done.` };
  }
  if (!(await deps.store.claim(`${incidentId}/${key}`, deps.now().toISOString()))) {
    return { outcome: "unclear", why: "This step was claimed before; it is not done again." };
  }
  await begin();
  const forbidden = await whyForbiddenNow(permission, deps);
  if (forbidden !== undefined) return heldBack(forbidden);
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

function heldBack({ rule, reason }: Refusal): Answered {
  return { outcome: "refused", detail: `OpsAgent held back (${rule}): ${reason} This step was not made.` };
}

const GIVEN_UP =
  "OpsAgent held back: the incident was given up, or another incident holds the lock. Nothing was changed.";

/** People may have been told hours ago to take over: a process that comes back must not act on old evidence. */
function holdsLock(incidentId: string, { store, now }: WorkflowDependencies): Promise<boolean> {
  return store.extendLock(incidentId, now().toISOString());
}

/** A call whose answer was lost can still take effect: "nothing was changed" has to hold for three looks. */
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

/** Looks until the effect is seen, or often enough; `events` are those of the last look. */
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

/** The call broke off, so only reading the service can tell whether it took effect. */
function unclear(thrown: unknown): Actuation {
  return { outcome: "ambiguous", message: asOpsAgentError(thrown).message };
}

/** Returns the step with the times between which it took place. */
export function toStep(
  what: string,
  times: Timed<unknown>,
  outcome: ActionStep["outcome"],
  detail: string,
): ActionStep {
  return { what, outcome, detail, startedAt: times.startedAt, endedAt: times.endedAt };
}
