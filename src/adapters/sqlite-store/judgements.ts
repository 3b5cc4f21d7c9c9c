import type { DatabaseSync } from "node:sqlite";
import type { TextFor } from "../../domain/exit.ts";
import { fieldsFor } from "../../domain/exit.ts";
import { Judgement } from "../../domain/incident/judgement.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { Judgements } from "../../domain/ports.ts";
import { readRecord, writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import type { Writes } from "./writes.ts";

/** What people said afterwards; every word is kept, newest first. */
export function judgements(database: DatabaseSync): Judgements {
  const insert = database.prepare(
    "INSERT INTO judgements (incident_id, at, record) VALUES (?, ?, ?)",
  ) as Writes<[string, number, TextFor<"store">]>;
  const all = database.prepare("SELECT incident_id, record FROM judgements ORDER BY at DESC, number DESC");

  return {
    judge: (judgement) =>
      guarded(`keep a judgement of the incident ${judgement.incidentId}`, () => {
        const kept = fieldsFor("store", judgement, ["note"]);
        const record = writeRecord(Judgement, "judgement", kept);
        insert.run(judgement.incidentId, storedTime(judgement.at), record);
      }),

    judgements: () =>
      guarded("read the judgements", () =>
        all.all().map((row) => readRecord(Judgement, "judgement of", String(row["incident_id"]), row)),
      ),
  };
}
