import type { DatabaseSync } from "node:sqlite";
import type { MessageBook } from "../../domain/ports.ts";
import { guarded } from "./store-error.ts";

/** Where channels put what they tell of an incident. */
export function messageBook(database: DatabaseSync): MessageBook {
  const put = database.prepare(
    `INSERT INTO incident_messages (incident_id, name, reference) VALUES (?, ?, ?)
     ON CONFLICT (incident_id, name) DO UPDATE SET reference = excluded.reference`,
  );
  const of = database.prepare("SELECT name, reference FROM incident_messages WHERE incident_id = ?");

  return {
    messagesOf: (incidentId) =>
      guarded(`read where the incident ${incidentId} was told`, () =>
        Object.fromEntries(of.all(incidentId).map((row) => [String(row["name"]), String(row["reference"])])),
      ),

    noteIncidentMessage: (incidentId, name, reference) =>
      guarded(`note where the incident ${incidentId} was told`, () => {
        put.run(incidentId, name, reference);
      }),
  };
}
