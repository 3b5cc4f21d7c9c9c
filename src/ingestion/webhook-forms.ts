/** Which senders' forms each webhook takes: a secret that is given to one sender opens no other's form. */
import type { SecretWebhook } from "../domain/policy.ts";
import { parseJson } from "./parse.ts";
import { isBatch, senderOf } from "./read-event.ts";
import type { Sender } from "./sender.ts";
import { alertmanager } from "./senders/alertmanager/sender.ts";
import { ecsEvent } from "./senders/ecs-event/sender.ts";
import { eventbridgeAlarm } from "./senders/eventbridge-alarm/sender.ts";
import { grafana } from "./senders/grafana/sender.ts";

const FORMS = {
  eventbridge: [eventbridgeAlarm, ecsEvent],
  alertmanager: [alertmanager],
  grafana: [grafana],
} as const satisfies Readonly<Record<SecretWebhook, readonly Sender[]>>;

/**
 * Returns the title of the sender whose form the event has, where the webhook does not take it. What has no known form
 * is no other sender's: it is kept and reported as unreadable.
 */
export function foreignForm(webhook: SecretWebhook, event: string): string | undefined {
  const parsed = parseJson(event, "");
  const given = parsed.ok ? parsed.value : undefined;
  // A bare list of records is a queue's, as it is read.
  const value = isBatch(given) ? { Records: given } : given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const sender = senderOf(value);
  const taken: readonly Sender[] = FORMS[webhook];
  return sender === undefined || taken.includes(sender) ? undefined : sender.title;
}
