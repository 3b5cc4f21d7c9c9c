import type { ActionRecord } from "../../domain/action-record.ts";
import type { GuardrailContext } from "../guardrail.ts";

const MINUTE = 60_000;

export function minutesSince(context: GuardrailContext, at: string): number {
  const minutes = (Date.parse(context.now) - Date.parse(at)) / MINUTE;
  if (Number.isNaN(minutes)) throw new Error(`the time "${at}" of a past action is not readable`);
  return minutes;
}

export function onThisService(context: GuardrailContext) {
  return context.history.filter(
    (past) => past.service === context.target.service && past.cluster === context.target.cluster,
  );
}

/**
 * Whether the action is the incident's own. Its first action does not block its second: `one-further-action` judges
 * that.
 */
export function isOwn(context: GuardrailContext, past: ActionRecord): boolean {
  return context.incidentId !== undefined && past.incidentId === context.incidentId;
}
