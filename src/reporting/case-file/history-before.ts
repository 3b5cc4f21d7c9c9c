import type { CaseAction } from "../../domain/incident/case-file.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { ActionLedger } from "../../domain/ports.ts";
import { HISTORY_DAYS } from "./case-file.ts";

const DAY_MS = 24 * 60 * 60_000;

/**
 * Returns actions of all services in the {@link HISTORY_DAYS} days before the incident, and its own. Throws
 * `store-failed`.
 */
export function historyBefore(
  { openedAt }: Pick<Incident, "openedAt">,
  store: Pick<ActionLedger, "actionsSince">,
): Promise<readonly CaseAction[]> {
  // No store keeps times before 1970.
  const since = Math.max(0, Date.parse(openedAt) - HISTORY_DAYS * DAY_MS);
  return store.actionsSince(new Date(since).toISOString());
}
