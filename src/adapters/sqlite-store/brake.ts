import type { DatabaseSync } from "node:sqlite";
import { isInForce, Pause, pausedEntry, pauseToKeep, resumedEntry, scopeKey } from "../../domain/brake.ts";
import type { TextFor } from "../../domain/exit.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { Brake } from "../../domain/ports.ts";
import { auditSealer } from "./audit-trail.ts";
import { readRecord, writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

/** One row for each paused scope; each change is one transaction with its entry in the audit trail. */
export function brake(database: DatabaseSync): Brake {
  const seal = auditSealer(database);
  const sql = {
    all: database.prepare("SELECT scope, record FROM pauses ORDER BY at, scope"),
    one: database.prepare("SELECT record FROM pauses WHERE scope = ?"),
    write: database.prepare(
      `INSERT INTO pauses (scope, at, record) VALUES (?, ?, ?)
       ON CONFLICT (scope) DO UPDATE SET at = excluded.at, record = excluded.record`,
    ) as Writes<[string, number, TextFor<"store">]>,
    remove: database.prepare("DELETE FROM pauses WHERE scope = ?"),
  };

  return {
    pause: (pause) =>
      guarded("keep a pause", () =>
        transaction(database, () => {
          const kept = pauseToKeep(pause);
          sql.write.run(scopeKey(kept.scope), storedTime(kept.at), writeRecord(Pause, "pause", kept));
          seal(pausedEntry(kept));
        }),
      ),

    resume: (scope, resume) =>
      guarded("end a pause", () =>
        transaction(database, () => {
          const key = scopeKey(scope);
          const row = sql.one.get(key);
          if (row === undefined) return undefined;
          const pause = readRecord(Pause, "pause", key, row);
          sql.remove.run(key);
          if (!isInForce(pause, resume.at)) return undefined;
          seal(resumedEntry(pause, resume));
          return pause;
        }),
      ),

    pauses: (now) =>
      guarded("read the brake", () =>
        sql.all
          .all()
          .map((row) => readRecord(Pause, "pause", String(row["scope"]), row))
          .filter((pause) => isInForce(pause, now)),
      ),
  };
}
