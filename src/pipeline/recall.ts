import type { PipelineDependencies } from "./dependencies.ts";
import type { ActionRecord } from "./ports.ts";

/** How far back guardrails look: the longest of their windows. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

export interface Recalled {
  readonly now: string;
  readonly history: readonly ActionRecord[];
}

/** Reads what was done before, for the guardrails. Throws `store-failed`: without it nothing may be done. */
export async function recall(deps: PipelineDependencies): Promise<Recalled> {
  const now = deps.now();
  const since = new Date(now.getTime() - HISTORY_MS).toISOString();
  return { now: now.toISOString(), history: await deps.store.actionsSince(since) };
}
