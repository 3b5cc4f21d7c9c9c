import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../domain/incident/incident-event.ts";
import { FOLD_VERSION, foldEvents } from "../../domain/incident/incident-fold.ts";
import { eventFromStore, eventToStore, type StoredEvent } from "../../domain/incident/stored-event.ts";
import { incidentToStore, storedTime } from "../../domain/incident/stored-record.ts";
import type { IncidentEvents } from "../../domain/ports.ts";
import { auditSealer } from "./audit-trail.ts";
import { readIncident } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";

const EventRow = z.object({
  seq: z.number(),
  incident_id: z.string(),
  key: z.string(),
  kind: z.string(),
  at: z.string(),
  event: z.string(),
});

const RecordRow = z.object({
  id: z.string(),
  record: z.string(),
  folded_to: z.number(),
  fold_version: z.number(),
});

/** The stream of events and the record that follows from it. */
export interface EventLog extends IncidentEvents {
  /** The same as `append` inside the caller's transaction. With `later` the record is folded when it is read. */
  add(events: readonly IncidentEvent[], options?: { readonly later?: boolean }): void;
  /** The record as its events make it; the row is `SELECT id, record, folded_to, fold_version`. */
  recordOf(row: unknown): Incident;
}

/** Events of one file; every append is one transaction with its audit entry and the record that follows from it. */
export function eventLog(database: DatabaseSync): EventLog {
  const sql = statements(database);
  const seal = auditSealer(database);
  const after = (incidentId: string, seq: number) =>
    sql.after.all(incidentId, seq).map((row) => EventRow.parse(row));

  /** The kept record, and what came after it; of another fold all events are folded anew. */
  const current = (row: z.infer<typeof RecordRow>): { record: Incident | undefined; to: number } => {
    const made = row.folded_to === 0 || row.fold_version === FOLD_VERSION;
    const base = made ? readIncident(row) : undefined;
    const events = after(row.id, made ? row.folded_to : 0);
    return { record: foldEvents(base, events.map(eventOf)), to: events.at(-1)?.seq ?? row.folded_to };
  };

  const fold = (incidentId: string) => {
    const kept = sql.record.get(incidentId);
    const parsed = kept === undefined ? undefined : RecordRow.parse(kept);
    const { record, to } =
      parsed === undefined
        ? { record: foldEvents(undefined, after(incidentId, 0).map(eventOf)), to: sql.newest(incidentId) }
        : current(parsed);
    if (record === undefined) return;
    const service = record.target?.service ?? record.alert.target?.service ?? null;
    const { text, summary } = incidentToStore(record);
    const [opened, listed] = [storedTime(record.openedAt), JSON.stringify(summary)];
    sql.save.run(incidentId, service, opened, text, summary.listedAs, listed, to, FOLD_VERSION);
  };

  /** A record of before events were kept becomes the first event of its stream. */
  const importOlder = (incidentId: string) => {
    const kept = sql.record.get(incidentId);
    if (kept === undefined) return;
    const row = RecordRow.parse(kept);
    if (row.folded_to > 0 || sql.newest(incidentId) > 0) return;
    const record = readIncident(row);
    insert({ incidentId, key: "imported", at: record.closedAt ?? record.openedAt, kind: "imported", record });
  };

  const insert = (event: IncidentEvent) => {
    const { stored, entry } = eventToStore(event);
    const seq = seal(entry);
    if (seq === undefined) return;
    sql.insert.run(seq, stored.incidentId, stored.key, stored.kind, stored.at, stored.text);
  };

  const add: EventLog["add"] = (events, { later = false } = {}) => {
    for (const incidentId of new Set(events.map((event) => event.incidentId))) {
      importOlder(incidentId);
      for (const event of events) if (event.incidentId === incidentId) insert(event);
      if (!later) fold(incidentId);
    }
  };

  return {
    add,

    append: (events) =>
      guarded(`keep what happened to the incident ${events[0]?.incidentId ?? ""}`, () =>
        transaction(database, () => add(events)),
      ),

    eventsOf: (incidentId) =>
      guarded(`read the events of the incident ${incidentId}`, () => after(incidentId, 0).map(eventOf)),

    recordOf: (row) => {
      const parsed = RecordRow.parse(row);
      return current(parsed).record ?? readIncident(parsed);
    },
  };
}

function eventOf(row: z.infer<typeof EventRow>): IncidentEvent | UnknownEvent {
  const { incident_id: incidentId, key, kind, at, event: text } = row;
  const stored: StoredEvent = { incidentId, key, kind, at, text };
  return eventFromStore(stored);
}

function statements(database: DatabaseSync) {
  const newest = database.prepare(
    "SELECT coalesce(max(seq), 0) AS seq FROM incident_events WHERE incident_id = ?",
  );
  return {
    newest: (incidentId: string) => Number(newest.get(incidentId)?.["seq"] ?? 0),
    after: database.prepare(
      `SELECT seq, incident_id, key, kind, at, event FROM incident_events
       WHERE incident_id = ? AND seq > ? ORDER BY seq`,
    ),
    insert: database.prepare(
      "INSERT INTO incident_events (seq, incident_id, key, kind, at, event) VALUES (?, ?, ?, ?, ?, ?)",
    ),
    record: database.prepare("SELECT id, record, folded_to, fold_version FROM incidents WHERE id = ?"),
    save: database.prepare(
      `INSERT INTO incidents (id, service, opened_at, record, listed_as, summary, folded_to, fold_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET service = excluded.service, opened_at = excluded.opened_at,
         record = excluded.record, listed_as = excluded.listed_as, summary = excluded.summary,
         folded_to = excluded.folded_to, fold_version = excluded.fold_version`,
    ),
  };
}
