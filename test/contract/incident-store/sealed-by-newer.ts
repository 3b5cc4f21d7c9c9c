import { type AuditEntry, sealed } from "../../../src/domain/incident/audit.ts";
import { digestOf } from "../../../src/domain/incident/stored-event.ts";
import type { NewerEvent } from "./store-under-test.ts";

/** An event as the text that is kept and the entry that seals it, whatever its kind and fields. */
export function sealedByNewer(event: NewerEvent, last: AuditEntry | undefined) {
  const { incidentId, key, kind, at } = event;
  const text = JSON.stringify(event);
  const entry = sealed({ incidentId, key, event: kind, detail: "newer", at, digest: digestOf(text) }, last);
  return { entry, text };
}
