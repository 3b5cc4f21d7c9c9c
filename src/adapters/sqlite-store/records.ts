/** Rows of the store as records. */
import { z } from "zod";
import type { ActionRecord } from "../../domain/action-record.ts";
import type { TextFor, ValueFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import {
  actionFromStore,
  incidentFromStore,
  recordFromStore,
  recordToStore,
} from "../../domain/incident/stored-record.ts";

const RecordRow = z.object({ record: z.string() });
const IncidentRow = z.object({ id: z.string(), record: z.string() });
const ActionRow = z.object({ incident_id: z.string(), record: z.string() });

/** A stored incident. Throws `store-failed` naming its id when it cannot be read any more. */
export function readIncident(row: unknown): Incident {
  const { id, record } = IncidentRow.parse(row);
  return incidentFromStore(id, record);
}

/** A stored action. Throws `store-failed` naming its incident when it cannot be read any more. */
export function readAction(row: unknown): ActionRecord {
  const { incident_id, record } = ActionRow.parse(row);
  return actionFromStore(incident_id, record);
}

/** A value as the text that is stored, sure to be readable again. Throws `store-failed` saying `what` it is. */
export function writeRecord<T>(
  schema: z.ZodType<T>,
  what: string,
  value: ValueFor<"store", T>,
): TextFor<"store"> {
  return recordToStore(schema, value, what);
}

/** The `record` of a row. Throws `store-failed` naming what it is when it cannot be read any more. */
export function readRecord<T>(schema: z.ZodType<T>, what: string, id: string, row: unknown): T {
  return recordFromStore(schema, RecordRow.parse(row).record, `The stored ${what} ${id} cannot be read`);
}
