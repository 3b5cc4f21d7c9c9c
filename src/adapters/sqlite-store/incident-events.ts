import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AttachedAlert } from "../../domain/alert-grouping.ts";
import { asOpsAgentError, type OpsAgentError } from "../../domain/errors.ts";
import { jsonFor, type TextFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../domain/incident/incident-event.ts";
import { FOLD_VERSION, foldEvents } from "../../domain/incident/incident-fold.ts";
import {
  afterOlderEntry,
  attachedEvent,
  eventFromStore,
  eventToStore,
  type StoredEvent,
} from "../../domain/incident/stored-event.ts";
import { incidentToStore, recordFromStore, storedTime } from "../../domain/incident/stored-record.ts";
import type { IncidentEvents } from "../../domain/ports.ts";
import { auditSealer } from "./audit-trail.ts";
import { readIncident } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

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

/**
 * Events of one file; every append is one transaction with its audit entry and the record that follows from it.
 * `onUnreadable` is told once of each record that is damaged and read from its events.
 */
export function eventLog(
  database: DatabaseSync,
  onUnreadable: ((problem: OpsAgentError) => void) | undefined,
): EventLog {
  const sql = statements(database);
  const seal = auditSealer(database);
  const told = new Set<string>();
  const after = (incidentId: string, seq: number) =>
    sql.after.all(incidentId, seq).map((row) => EventRow.parse(row));

  /** Folded anew from all events; undefined where they do not begin with one that is known. */
  const anew = (incidentId: string): Folded | undefined => {
    const events = after(incidentId, 0);
    const record = foldEvents(undefined, events.map(eventOf));
    return record && { record, clean: undefined, to: events.at(-1)?.seq ?? 0 };
  };

  /** The kept record, and what came after it. */
  const onKept = (row: z.infer<typeof RecordRow>): Folded => {
    const clean = readIncident(row);
    const events = after(row.id, row.folded_to);
    const record = foldEvents(clean, events.map(eventOf)) ?? clean;
    return { record, clean, to: events.at(-1)?.seq ?? row.folded_to };
  };

  /** Of another fold all events are folded anew; and where the kept record is damaged. */
  const current = (row: z.infer<typeof RecordRow>): Folded => {
    if (row.folded_to > 0 && row.fold_version !== FOLD_VERSION) return anew(row.id) ?? onKept(row);
    try {
      return onKept(row);
    } catch (error) {
      const whole = anew(row.id);
      if (whole === undefined) throw error;
      if (!told.has(row.id)) onUnreadable?.(asOpsAgentError(error));
      told.add(row.id);
      return whole;
    }
  };

  const fold = (incidentId: string) => {
    const kept = sql.record.get(incidentId);
    const folded = kept === undefined ? anew(incidentId) : current(RecordRow.parse(kept));
    if (folded === undefined) return;
    const { record, clean, to } = folded;
    const service = record.target?.service ?? record.alert.target?.service ?? null;
    const { text, summary } = incidentToStore(record, clean);
    const [opened, listed] = [storedTime(record.openedAt), jsonFor("store", summary)];
    sql.save.run(incidentId, service, opened, text, summary.listedAs, listed, to, FOLD_VERSION);
  };

  /** A record of before events were kept becomes the first event of its stream, and what joined it since follows. */
  const importOlder = (incidentId: string) => {
    const kept = sql.record.get(incidentId);
    if (kept === undefined) return;
    const row = RecordRow.parse(kept);
    if (row.folded_to > 0 || sql.newest(incidentId) > 0) return;
    const record = readIncident(row);
    insert({ incidentId, key: "imported", at: record.closedAt ?? record.openedAt, kind: "imported", record });
    const known = new Set((record.joined ?? []).map(({ key }) => key));
    const problem = `What joined the incident ${incidentId} cannot be read`;
    const joined = sql.joined
      .all(incidentId)
      .map(({ record: text }) => recordFromStore(AttachedAlert, String(text), problem));
    for (const one of joined) if (!known.has(one.key)) insert(attachedEvent(incidentId, one));
  };

  const insert = (event: IncidentEvent) => {
    const { stored, entry } = eventToStore(event);
    const { incidentId, key, kind, at, text } = stored;
    const seq = seal(entry);
    if (seq === "older") insert(afterOlderEntry(event));
    else if (seq !== "known") sql.insert.run(seq, incidentId, key, kind, at, text);
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

    recordOf: (row) => current(RecordRow.parse(row)).record,
  };
}

interface Folded {
  readonly record: Incident;
  /** The record as it came out of the store, which the new one was folded from. */
  readonly clean: Incident | undefined;
  readonly to: number;
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
    ) as Writes<[number, string, string, string, string, TextFor<"store">]>,
    record: database.prepare("SELECT id, record, folded_to, fold_version FROM incidents WHERE id = ?"),
    joined: database.prepare(
      "SELECT record FROM joined_alerts WHERE incident_id = ? ORDER BY joined_at, number",
    ),
    save: database.prepare(
      `INSERT INTO incidents (id, service, opened_at, record, listed_as, summary, folded_to, fold_version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET service = excluded.service, opened_at = excluded.opened_at,
         record = excluded.record, listed_as = excluded.listed_as, summary = excluded.summary,
         folded_to = excluded.folded_to, fold_version = excluded.fold_version`,
    ) as Writes<[string, string | null, number, TextFor<"store">, string, TextFor<"store">, number, number]>,
  };
}
