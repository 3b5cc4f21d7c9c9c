import { asOpsAgentError } from "../domain/errors.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import type { ActionRecord } from "./ports.ts";

/** How far back guardrails look: the longest of their windows. */
const HISTORY_MS = 7 * 24 * 60 * 60_000;

export interface Recalled {
  readonly now: string;
  /** Undefined when the store could not say; then nothing may be done. */
  readonly history: readonly ActionRecord[] | undefined;
}

/** Reads what was done before, for the guardrails. A store that fails leaves `history` out. */
export async function recall(deps: PipelineDependencies): Promise<Recalled> {
  const now = deps.now();
  try {
    const since = new Date(now.getTime() - HISTORY_MS).toISOString();
    return { now: now.toISOString(), history: await deps.store.actionsSince(since) };
  } catch (thrown) {
    deps.logger.error("history-unreadable", { error: asOpsAgentError(thrown).message });
    return { now: now.toISOString(), history: undefined };
  }
}
