import type { DatabaseSync } from "node:sqlite";
import { fieldsFor } from "../../domain/exit.ts";
import { AuditSeal, unreadableSeal } from "../../domain/incident/audit-seal.ts";
import { parseJson } from "../../domain/parse-json.ts";
import type { AuditTrail } from "../../domain/ports.ts";
import { writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";

const DEFAULT_LIMIT = 500;

/** Seals of the trail: one row for each sealed entry. The file's own triggers refuse to change or remove one. */
export function auditSeals(database: DatabaseSync): Pick<AuditTrail, "keepSeal" | "seals" | "newestSeal"> {
  const insert = database.prepare(
    "INSERT INTO audit_seals (seq, record) VALUES (?, ?) ON CONFLICT DO NOTHING",
  );
  const page = database.prepare("SELECT seq, record FROM audit_seals WHERE seq > ? ORDER BY seq LIMIT ?");
  const newest = database.prepare("SELECT seq, record FROM audit_seals ORDER BY seq DESC LIMIT 1");
  const read = (row: Record<string, unknown>): AuditSeal => {
    const seal = AuditSeal.safeParse(parseJson(String(row["record"])));
    // It counts for the entry under whose number it is kept.
    const seq = Number(row["seq"]);
    return seal.success ? { ...seal.data, seq } : unreadableSeal(seq);
  };
  return {
    keepSeal: (seal) =>
      guarded("keep a seal of the audit trail", () => {
        insert.run(seal.seq, writeRecord(AuditSeal, "seal", fieldsFor("store", seal, [])));
      }),

    seals: ({ after = -1, limit = DEFAULT_LIMIT } = {}) =>
      guarded("read the seals of the audit trail", () =>
        page.all(after, Math.max(0, Math.trunc(limit))).map(read),
      ),

    newestSeal: () =>
      guarded("read the newest seal of the audit trail", () => {
        const row = newest.get();
        return row && read(row);
      }),
  };
}
