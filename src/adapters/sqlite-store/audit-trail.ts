import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { AuditEntry, sealed } from "../../domain/audit.ts";
import { keptInput } from "../../domain/audit-input.ts";
import { unusableRecord } from "../../domain/stored-record.ts";
import type { AuditTrail } from "../../pipeline/ports.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";

const DEFAULT_LIMIT = 500;

/** A row as it is, whatever it says: a changed entry has to reach the one who verifies the chain. */
const AuditRow = z.object({
  seq: z.number(),
  incidentId: z.string(),
  key: z.string(),
  event: z.string(),
  detail: z.string(),
  at: z.string(),
  previous: z.string(),
  hash: z.string(),
});
const Head = AuditRow.pick({ seq: true, hash: true });

/** The append-only trail. The file's own triggers refuse to change or remove an entry. */
export function auditTrail(database: DatabaseSync): AuditTrail {
  const sql = statements(database);

  return {
    append: (input) =>
      guarded(`add to the audit trail of the incident ${input.incidentId}`, () => {
        const kept = keptInput(input);
        transaction(database, () => {
          if (sql.written.get(kept.incidentId, kept.key) !== undefined) return;
          const head = sql.head.get();
          const entry = AuditEntry.safeParse(sealed(kept, head && Head.parse(head)));
          if (!entry.success) throw unusableRecord("An audit entry does not fit its own schema", entry.error);
          const { seq, incidentId, key, event, detail, at, previous, hash } = entry.data;
          sql.append.run(seq, incidentId, key, event, detail, at, previous, hash);
        });
      }),

    entries: ({ after = 0, limit = DEFAULT_LIMIT } = {}) =>
      guarded("read the audit trail", () =>
        sql.entries.all(after, Math.max(0, Math.trunc(limit))).map((row) => AuditRow.parse(row)),
      ),

    entriesOf: (incidentId) =>
      guarded(`read the audit trail of the incident ${incidentId}`, () =>
        sql.of.all(incidentId).map((row) => AuditRow.parse(row)),
      ),
  };
}

const COLUMNS = "seq, incident_id AS incidentId, key, event, detail, at, previous, hash";

function statements(database: DatabaseSync) {
  return {
    written: database.prepare("SELECT 1 FROM audit WHERE incident_id = ? AND key = ?"),
    head: database.prepare("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"),
    append: database.prepare(
      `INSERT INTO audit (seq, incident_id, key, event, detail, at, previous, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    entries: database.prepare(`SELECT ${COLUMNS} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`),
    of: database.prepare(`SELECT ${COLUMNS} FROM audit WHERE incident_id = ? ORDER BY seq`),
  };
}
