/** The cooldown: how long after another incident's action a service is left alone. */
import type { ActionRecord } from "./action-record.ts";

/** Who wants to act where, and when (ISO 8601). */
export type Acting = Pick<ActionRecord, "cluster" | "service" | "at"> & {
  readonly incidentId?: string | undefined;
};

/**
 * The action that the service still rests from, or undefined. The one place where the cooldown is judged: the guardrail
 * tells it with the decision, the booking enforces it inside the store's transaction. An incident's own earlier action
 * is not counted. A time in the future, after a clock that jumped back, or one that cannot be read counts as just now.
 */
export function cooldownFrom(
  acting: Acting,
  cooldownMinutes: number,
  history: readonly ActionRecord[],
): ActionRecord | undefined {
  return history.find(
    (past) =>
      past.incidentId !== acting.incidentId &&
      past.cluster === acting.cluster &&
      past.service === acting.service &&
      !(minutesBetween(past.at, acting.at) >= cooldownMinutes),
  );
}

/** NaN where a time cannot be read. */
export function minutesBetween(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / 60_000;
}
