/** Records that a test has by hand, put into a store as the events that the product itself would write. */
import { createHash } from "node:crypto";
import type { AuditInput } from "../../src/domain/incident/audit.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import type { IncidentEvents } from "../../src/domain/ports.ts";

/** The event that makes the record what it is, as for one of before events were kept. */
export function importedEvent(record: Incident): IncidentEvent {
  const version = createHash("sha256").update(JSON.stringify(record)).digest("hex").slice(0, 12);
  return { kind: "imported", incidentId: record.id, key: `imported:${version}`, at: record.openedAt, record };
}

/** Keeps a whole record; one of the same id is replaced. */
export function keepRecord(store: Pick<IncidentEvents, "append">, record: Incident): Promise<void> {
  return store.append([importedEvent(record)]);
}

/** An event of which only key, words and time matter. */
export function wordOn({ incidentId, key, detail, at }: AuditInput): IncidentEvent {
  return { kind: "judged", incidentId, key, at, verdict: "right", by: "anna", note: detail };
}

/** Keeps an event of which only key, words and time matter. */
export function keepWord(store: Pick<IncidentEvents, "append">, input: AuditInput): Promise<void> {
  return store.append([wordOn(input)]);
}
