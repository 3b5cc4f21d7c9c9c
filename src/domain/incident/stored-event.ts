/** Events on their way into a store and out of it, the same for every store. Pure. */
import { createHash } from "node:crypto";
import type { AttachedAlert } from "../alert-grouping.ts";
import type { Approval } from "../approval.ts";
import { jsonFor, type TextFor } from "../exit.ts";
import type { AuditInput } from "./audit.ts";
import { textOf } from "./event-text.ts";
import {
  type EventOf,
  eventSchema,
  type IncidentEvent,
  isEventKind,
  type UnknownEvent,
} from "./incident-event.ts";
import { unusableRecord } from "./stored-record.ts";

/** An event as a store keeps it. `seq` is the number of its audit entry: the order of all events of a store. */
export interface StoredEvent {
  readonly incidentId: string;
  readonly key: string;
  readonly kind: string;
  readonly at: string;
  /** The event as JSON text, redacted. */
  readonly text: string;
}

/** A {@link StoredEvent} on its way into a store. */
export interface EventToStore extends StoredEvent {
  readonly text: TextFor<"store">;
}

/**
 * An event as it is kept, and its entry in the audit trail, which holds the digest of that text. Redacted, and sure to
 * be readable again. Throws `store-failed`.
 */
export function eventToStore(event: IncidentEvent): {
  readonly stored: EventToStore;
  readonly entry: AuditInput;
} {
  const { kind, at } = event;
  // As the audit trail keeps them: a store that writes UTF-8 would change half a surrogate pair.
  const [incidentId, key] = [event.incidentId.toWellFormed(), event.key.toWellFormed()];
  let detail = "";
  const shape = (clean: unknown) => {
    const redacted = eventSchema(kind).safeParse({ ...Object(clean), incidentId, key, kind });
    if (!redacted.success)
      throw unusableRecord(`The event ${key} of ${incidentId} does not fit its own schema`, redacted.error);
    ({ detail } = textOf(redacted.data));
    return redacted.data;
  };
  const text = jsonFor("store", event, { shape });
  return {
    stored: { incidentId, key, kind, at, text },
    entry: { incidentId, key, event: kind, detail, at, digest: digestOf(text) },
  };
}

/**
 * The same event under another key, for one whose key an entry of the audit trail has from before events were kept:
 * that entry seals no event, and stays.
 */
export function afterOlderEntry(event: IncidentEvent): IncidentEvent {
  return { ...event, key: `${event.key}:event` };
}

/** SHA-256 of the event's text as hex: what the audit trail seals. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A stored event. One that this version does not know, or cannot read any more, comes back as `unknown`. */
export function eventFromStore({
  incidentId,
  key,
  kind,
  at,
  text,
}: StoredEvent): IncidentEvent | UnknownEvent {
  const unknown: UnknownEvent = { incidentId, key, at, kind: "unknown", was: kind };
  if (!isEventKind(kind)) return unknown;
  try {
    const event = eventSchema(kind).safeParse(JSON.parse(text));
    return event.success ? event.data : unknown;
  } catch {
    return unknown;
  }
}

/** The event of an alert that an incident was not opened for; the same whoever writes it. */
export function attachedEvent(incidentId: string, joined: AttachedAlert): EventOf<"alert-attached"> {
  const key = `alert-attached:${joined.key}`;
  return { incidentId, key, at: joined.joinedAt, kind: "alert-attached", joined };
}

/** The event of a question's answer; the same whoever writes it. Undefined while nobody has answered. */
export function answeredEvent({
  id,
  incidentId,
  planHash,
  answer,
}: Pick<Approval, "id" | "incidentId" | "planHash" | "answer">): EventOf<"approval-answered"> | undefined {
  if (answer === undefined) return undefined;
  const key = `approval-${answer.verdict === "voided" ? "voided" : "answered"}:${id}`;
  return { incidentId, key, at: answer.at, kind: "approval-answered", approvalId: id, planHash, answer };
}
