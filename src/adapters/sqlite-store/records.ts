import { z } from "zod";
import type { ActionRecord } from "../../domain/action-record.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { Incident } from "../../domain/incident.ts";
import { redactRecord } from "../../domain/redaction/index.ts";

const RecordRow = z.object({ record: z.string() });
const IncidentRow = z.object({ id: z.string(), record: z.string() });
const ActionRow = z.object({ incident_id: z.string(), record: z.string() });

const StoredAction = z.object({
  incidentId: z.string(),
  cluster: z.string(),
  service: z.string(),
  action: z.string(),
  cause: z.string(),
  at: z.string(),
  verified: z.boolean().exactOptional(),
});

/** An incident as the text that is stored: redacted, and sure to be readable again. Throws `store-failed`. */
export function writeIncident(incident: Incident): string {
  const redacted = Incident.safeParse({ ...Object(redactRecord(incident)), id: incident.id });
  if (redacted.success) return JSON.stringify(redacted.data);
  throw unusable(`The incident ${incident.id} does not fit its own schema`, redacted.error);
}

/** A stored incident. Throws `store-failed` naming its id when it cannot be read any more. */
export function readIncident(row: unknown): Incident {
  const { id, record } = IncidentRow.parse(row);
  const incident = Incident.safeParse(parseJson(record));
  if (incident.success) return incident.data;
  throw unusable(`The stored incident ${id} cannot be read`, incident.error);
}

/** A stored action. Throws `store-failed` naming its incident when it cannot be read any more. */
export function readAction(row: unknown): ActionRecord {
  const { incident_id, record } = ActionRow.parse(row);
  const action = StoredAction.safeParse(parseJson(record));
  if (action.success) return action.data;
  throw unusable(`A stored action of the incident ${incident_id} cannot be read`, action.error);
}

/** A value as the text that is stored, sure to be readable again. Throws `store-failed` saying `what` it is. */
export function writeRecord<T>(schema: z.ZodType<T>, what: string, value: T): string {
  const fits = schema.safeParse(value);
  if (fits.success) return JSON.stringify(fits.data);
  throw unusable(`The ${what} does not fit its own schema`, fits.error);
}

/** The `record` of a row. Throws `store-failed` naming what it is when it cannot be read any more. */
export function readRecord<T>(schema: z.ZodType<T>, what: string, id: string, row: unknown): T {
  const value = schema.safeParse(parseJson(RecordRow.parse(row).record));
  if (value.success) return value.data;
  throw unusable(`The stored ${what} ${id} cannot be read`, value.error);
}

/** A time in epoch milliseconds, by which rows are ordered. Throws `store-failed` for what is no time. */
export function timeOf(iso: string): number {
  const time = Date.parse(iso);
  if (!Number.isNaN(time)) return time;
  throw new OpsAgentError({
    code: "store-failed",
    message: `The store was given "${iso}" where a time belongs.`,
    remedy: "This is a fault in OpsAgent: report it.",
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What cannot be kept, or no longer be read, as `store-failed` with the place of the fault. */
export function unusable(what: string, error: z.ZodError): OpsAgentError {
  const [issue] = error.issues;
  const where = issue ? ` (at ${issue.path.join(".") || "the top"}: ${issue.message})` : "";
  return new OpsAgentError({
    code: "store-failed",
    message: `${what}${where}.`,
    remedy: "Keep the store file and report this; the other records are not affected.",
    cause: error,
  });
}
