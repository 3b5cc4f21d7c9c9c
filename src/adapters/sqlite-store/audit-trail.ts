import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AuditEntry, type AuditInput, type SealedEvent, sealed } from "../../domain/incident/audit.ts";
import { keptInput } from "../../domain/incident/audit-input.ts";
import { digestOf } from "../../domain/incident/stored-event.ts";
import { unusableRecord } from "../../domain/incident/stored-record.ts";
import type { AuditTrail } from "../../domain/ports.ts";
import { guarded } from "./store-error.ts";

const DEFAULT_LIMIT = 500;

/** A row as it is, whatever it says: a changed entry has to reach the one who verifies the chain. */
const AuditRow = z.object({
  seq: z.number(),
  incidentId: z.string(),
  key: z.string(),
  event: z.string(),
  detail: z.string(),
  at: z.string(),
  digest: z.string().nullable(),
  previous: z.string(),
  hash: z.string(),
});
const Head = AuditRow.pick({ seq: true, hash: true });
const Written = AuditRow.pick({ digest: true });
const EventRow = AuditRow.pick({ seq: true, incidentId: true, key: true, at: true }).extend({
  kind: z.string(),
  event: z.string(),
});

/**
 * Seals inputs inside the caller's transaction. Returns the entry's number; `known` where the key is there already,
 * `older` where it is, but of an entry of before events were kept, which seals none.
 */
export function auditSealer(database: DatabaseSync): (input: AuditInput) => number | "known" | "older" {
  const written = database.prepare("SELECT digest FROM audit WHERE incident_id = ? AND key = ?");
  const head = database.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  const append = database.prepare(
    `INSERT INTO audit (seq, incident_id, key, event, detail, at, digest, previous, hash)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (input) => {
    const kept = keptInput(input);
    const before = written.get(kept.incidentId, kept.key);
    if (before !== undefined) return Written.parse(before).digest === null ? "older" : "known";
    const last = head.get();
    const entry = AuditEntry.safeParse(sealed(kept, last && Head.parse(last)));
    if (!entry.success) throw unusableRecord("An audit entry does not fit its own schema", entry.error);
    const { seq, incidentId, key, event, detail, at, digest, previous, hash } = entry.data;
    append.run(seq, incidentId, key, event, detail, at, digest ?? null, previous, hash);
    return seq;
  };
}

/** The append-only trail. The file's own triggers refuse to change or remove an entry. */
export function auditTrail(database: DatabaseSync): Omit<AuditTrail, "keepSeal" | "seals" | "newestSeal"> {
  const columns = "seq, incident_id AS incidentId, key, event, detail, at, digest, previous, hash";
  const page = database.prepare(`SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`);
  const of = database.prepare(`SELECT ${columns} FROM audit WHERE incident_id = ? ORDER BY seq`);
  const eventColumns = "seq, incident_id AS incidentId, key, kind, at, event";
  const events = database.prepare(`SELECT ${eventColumns} FROM incident_events WHERE seq BETWEEN ? AND ?`);
  const head = database.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
  const unsealed = database.prepare(
    `SELECT ${eventColumns} FROM incident_events
     WHERE seq < 1 OR seq > (SELECT coalesce(max(seq), 0) FROM audit) LIMIT 1`,
  );
  return {
    entries: ({ after = 0, limit = DEFAULT_LIMIT } = {}) =>
      guarded("read the audit trail", () => page.all(after, Math.max(0, Math.trunc(limit))).map(entryOf)),

    entriesOf: (incidentId) =>
      guarded(`read the audit trail of the incident ${incidentId}`, () => of.all(incidentId).map(entryOf)),

    sealedEvents: (entries) =>
      guarded("read the events that the audit trail seals", () => {
        const kept = new Map<number, SealedEvent>();
        const [first, last] = [entries[0], entries.at(-1)];
        if (first === undefined || last === undefined) return kept;
        // One row at a time: a page of events can be large, their digests are not.
        for (const row of events.iterate(first.seq, last.seq)) {
          const { seq, ...event } = sealedIn(row);
          kept.set(seq, event);
        }
        return kept;
      }),

    trailHead: () =>
      guarded("read the head of the audit trail", () => {
        const row = head.get();
        return row && Head.parse(row);
      }),

    unsealedEvent: () =>
      guarded("look for events without an audit entry", () => {
        const row = unsealed.get();
        return row && sealedIn(row);
      }),
  };
}

function sealedIn(row: unknown): SealedEvent & { readonly seq: number } {
  const { event, ...named } = EventRow.parse(row);
  return { ...named, digest: digestOf(event) };
}

function entryOf(row: unknown): AuditEntry {
  const { digest, ...entry } = AuditRow.parse(row);
  return digest === null ? entry : { ...entry, digest };
}
