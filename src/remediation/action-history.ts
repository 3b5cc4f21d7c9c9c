import type { ActionRecord } from "../domain/ports.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

/** How far back guardrails look: the longest of their windows, 7 days. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

/** Clock difference between machines that share a store, or within one, that counts as normal. */
const TOLERANCE_MS = 2_000;

export interface ActionHistory {
  /**
   * The times to decide at: now, and after a clock that jumped back also the latest time known to have been reached,
   * since either may be right.
   */
  readonly times: readonly [string, ...string[]];
  readonly history: readonly ActionRecord[];
}

/**
 * Reads past actions for the guardrails. `seenAt` is a time of our own clock that has passed (ISO 8601). Throws
 * `store-failed`: without the history no action is allowed.
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
  // An invalid time is left for the rules to refuse.
  const latest = Math.max(now.getTime(), ...reached.filter((time) => !Number.isNaN(time)));
  const both = latest - now.getTime() > TOLERANCE_MS ? [new Date(latest).toISOString()] : [];
  return { times: [now.toISOString(), ...both], history };
}
