/** One change of the world: claim, call once, and where the answer is unclear a read-only look. Never repeated. */
import { asOpsAgentError } from "../../domain/errors.ts";
import type { ActionStep } from "../../domain/incident.ts";
import type { PipelineDependencies } from "../dependencies.ts";
import type { Actuation } from "../ports.ts";
import type { Run, Timed } from "../run.ts";

export interface Effect {
  readonly incidentId: string;
  /** Names the effect within its incident; claimed once, ever. */
  readonly key: string;
  readonly what: string;
  /** Made after the incident has ended, so that its place is not needed any more. */
  readonly afterEnd?: boolean;
  readonly call: () => Promise<Actuation>;
  readonly reconcile: () => Promise<ActionStep["outcome"]>;
}

/** Without a clear answer the world is read, and what stays unclear is `unknown`. */
export async function perform(effect: Effect, run: Run, deps: PipelineDependencies): Promise<ActionStep> {
  const { incidentId, key, what } = effect;
  const answer = await run.once(
    key,
    async (): Promise<Actuation> => {
      if (effect.afterEnd !== true && !(await holdsPlace(incidentId, deps))) return GIVEN_UP;
      const claimed = await deps.store.claim(`${incidentId}/${key}`, deps.now().toISOString());
      if (!claimed)
        return { outcome: "ambiguous", message: "This step was claimed before; it is not done again." };
      deps.progress?.({ stage: "act", detail: what });
      return effect.call().catch(unclear);
    },
    { event: "action-made", detail: (made) => `${what}: ${made.outcome}` },
  );
  if (answer?.value.outcome === "accepted") return toStep(what, answer, "done", answer.value.detail);
  if (answer?.value.outcome === "refused" && answer.value.code === GIVEN_UP.code) {
    return toStep(what, answer, "refused", answer.value.message);
  }
  if (answer?.value.outcome === "refused") {
    const { message, remedy } = answer.value;
    const advice = remedy === undefined ? "" : ` ${remedy}`;
    return toStep(what, answer, "refused", `AWS refused it: ${message}. Nothing was changed.${advice}`);
  }
  const found = await lookAfterwards(effect, run, deps);
  const why = answer?.value.message ?? "OpsAgent was stopped in the middle of the call.";
  const detail = {
    done: `${why} A look afterwards shows that it was done.`,
    refused: `${why} A look afterwards shows that nothing was changed.`,
    skipped: `${why} A look afterwards shows that nothing was changed.`,
    unknown: `${why} A look afterwards cannot tell whether it was done; check by hand.`,
  }[found.outcome];
  const { startedAt } = answer ?? found;
  return { what, outcome: found.outcome, detail, startedAt, endedAt: found.endedAt };
}

const GIVEN_UP = {
  outcome: "refused",
  code: "superseded",
  message:
    "OpsAgent held back: the incident was given up, or another one has its place. Nothing was changed.",
} as const;

/** People may have been told that it is theirs now, hours ago: a process that comes back must not act on old evidence. */
function holdsPlace(incidentId: string, { store, now }: PipelineDependencies): Promise<boolean> {
  return store.keepOpen(incidentId, now().toISOString());
}

/** A call whose answer was lost can still arrive: "nothing was changed" is only believed when it stays so. */
const LOOKS = 3;

interface Found {
  readonly looks: number;
  readonly outcome: ActionStep["outcome"];
  readonly startedAt: string;
  readonly endedAt: string;
}

function lookAfterwards(
  { key, what, reconcile }: Effect,
  run: Run,
  deps: PipelineDependencies,
): Promise<Found> {
  return run.poll<Found>(
    `${key}-reconcile`,
    deps.policy.timing.pollSeconds,
    async (before) => {
      const startedAt = before?.startedAt ?? deps.now().toISOString();
      const outcome = await reconcile();
      const looks = (before?.looks ?? 0) + 1;
      const state = { looks, outcome, startedAt, endedAt: deps.now().toISOString() };
      return { state, done: outcome === "done" || looks >= LOOKS };
    },
    { event: "action-reconciled", detail: ({ outcome }) => `${what}: ${outcome}` },
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
