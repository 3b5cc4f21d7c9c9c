/** A durable wait for a state of the service, as a step of an action. */
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../../workflow/durable-steps.ts";

export interface WaitInput {
  /** The name of its durable step. */
  readonly name: string;
  readonly what: string;
  /** What is said when it was not so in time. */
  readonly late: string;
  /** Epoch milliseconds by which it ends anyway, if there is a limit. */
  readonly deadline: number | undefined;
  /** Looks once and waits for nothing. */
  readonly once?: boolean;
  /** Looks once. What cannot be read is not so, and the detail says why. */
  readonly look: () => Promise<{ readonly healthy: boolean; readonly detail: string }>;
}

interface Look {
  readonly looks: number;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly healthy: boolean;
  readonly detail: string;
  /** True when no further look is made. */
  readonly over: boolean;
}

/** Looks until it is so, for `replacementTimeoutSeconds` at most; then the step's outcome is `unknown`. */
export async function waitUntil(
  input: WaitInput,
  events: (step: ActionStep) => readonly StepEvent[],
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<ActionStep> {
  const { pollSeconds, replacementTimeoutSeconds } = deps.policy.timing;
  const last = await run.poll<Look>(
    input.name,
    pollSeconds,
    async (before) => {
      const now = deps.now();
      const startedAt = before?.startedAt ?? now.toISOString();
      const giveUp = Math.min(
        Date.parse(startedAt) + replacementTimeoutSeconds * 1000,
        input.deadline ?? Number.POSITIVE_INFINITY,
      );
      const seen = await input.look().catch(unreadable);
      const looks = (before?.looks ?? 0) + 1;
      // Looks are at least a pause apart, also on a clock that jumped back.
      const looked = (looks - 1) * pollSeconds >= replacementTimeoutSeconds;
      const over = seen.healthy || looked || input.once === true || now.getTime() >= giveUp;
      const state = { ...seen, looks, over, startedAt, endedAt: deps.now().toISOString() };
      return { state, done: over };
    },
    (seen) => (seen.over ? events(stepOf(input, seen)) : []),
  );
  return stepOf(input, last);
}

function unreadable(error: unknown) {
  const why = error instanceof Error ? error.message : "unknown error";
  return { healthy: false, detail: `the state could not be read (${why})` };
}

function stepOf({ what, late }: WaitInput, { healthy, detail, startedAt, endedAt }: Look): ActionStep {
  const outcome = healthy ? "done" : "unknown";
  return { what, outcome, detail: healthy ? detail : `${late}: ${detail}`, startedAt, endedAt };
}
