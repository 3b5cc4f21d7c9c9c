import type { ActionRecord } from "../domain/ports.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

/** How far back guardrails look: the longest of their windows. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

/** Clocks of one machine, and those of machines that share a store, differ by so much without anything being wrong. */
const TOLERANCE_MS = 2_000;

export interface ActionHistory {
  /**
   * The times to decide at. One, as long as the clock runs forward; after it jumped back also the latest that is known
   * to have been reached, since nobody can tell which of them is right.
   */
  readonly times: readonly [string, ...string[]];
  readonly history: readonly ActionRecord[];
}

/**
 * Reads what was done before, for the guardrails. `seenAt` is a time of our own clock that has passed (ISO 8601). Throws
 * `store-failed`: without the past nothing may be done.
 */
export async function readActionHistory(seenAt: string, deps: WorkflowDependencies): Promise<ActionHistory> {
  const now = deps.now();
  const since = new Date(now.getTime() - HISTORY_MS).toISOString();
  const history = await deps.store.actionsSince(since);
  const reached = [
    Date.parse(seenAt),
    deps.steadyNow?.().getTime() ?? 0,
    ...history.map(({ at }) => Date.parse(at)),
  ];
  // What is no time is for the rules to refuse.
  const latest = Math.max(now.getTime(), ...reached.filter((time) => !Number.isNaN(time)));
  const both = latest - now.getTime() > TOLERANCE_MS ? [new Date(latest).toISOString()] : [];
  return { times: [now.toISOString(), ...both], history };
}
