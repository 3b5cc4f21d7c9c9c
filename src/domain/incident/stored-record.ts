/** Records on their way into a store and out of it, the same for every store. Pure. */

import { z } from "zod";
import type { ActionRecord } from "../action-record.ts";
import { OpsAgentError } from "../errors.ts";
import { jsonFor, jsonOf, type TextFor, type ValueFor } from "../exit.ts";
import { parseJson } from "../parse-json.ts";
import { Incident } from "./incident.ts";
import { type IncidentSummary, summaryOf } from "./incident-summary.ts";

const StoredAction = z.object({
  incidentId: z.string(),
  cluster: z.string(),
  service: z.string(),
  action: z.string(),
  cause: z.string(),
  at: z.string(),
  verified: z.boolean().exactOptional(),
  restedOn: z.array(z.string()).exactOptional(),
});

/**
 * An incident as the text that is stored, and what lists show of it: redacted, and sure to be readable again. `clean`
 * is an earlier record of it that came out of the store: what is taken over from there is not redacted again, which is
 * most of the time that it takes. Throws `store-failed`.
 */
export function incidentToStore(
  incident: Incident,
  clean?: Incident,
): {
  readonly text: TextFor<"store">;
  readonly summary: IncidentSummary;
} {
  const kept = Object.entries(incident).filter(([key, value]) => clean?.[key as keyof Incident] === value);
  const taken = Object.fromEntries(kept.filter(([, value]) => typeof value === "object"));
  const fresh = Object.fromEntries(Object.entries(incident).filter(([key]) => !Object.hasOwn(taken, key)));
  let summary: IncidentSummary | undefined;
  const shape = (redacted: unknown) => {
    const fits = Incident.safeParse({ ...Object(redacted), ...taken, id: incident.id });
    if (!fits.success)
      throw unusableRecord(`The incident ${incident.id} does not fit its own schema`, fits.error);
    summary = summaryOf(fits.data);
    return fits.data;
  };
  const text = jsonFor("store", fresh, { shape });
  return { text, summary: summary ?? summaryOf(incident) };
}

/** A stored incident. Throws `store-failed` naming its id when it cannot be read any more. */
export function incidentFromStore(id: string, text: string): Incident {
  return recordFromStore(Incident, text, `The stored incident ${id} cannot be read`);
}

/** A stored action. Throws `store-failed` naming its incident when it cannot be read any more. */
export function actionFromStore(incidentId: string, text: string): ActionRecord {
  return recordFromStore(StoredAction, text, `A stored action of the incident ${incidentId} cannot be read`);
}

/** A value as the text that is stored, sure to be readable again. Throws `store-failed` that says `what` it is. */
export function recordToStore<T>(
  schema: z.ZodType<T>,
  value: ValueFor<"store", T>,
  what: string,
): TextFor<"store"> {
  return jsonOf(value, (given) => {
    const fits = schema.safeParse(given);
    if (fits.success) return fits.data;
    throw unusableRecord(`The ${what} does not fit its own schema`, fits.error);
  });
}

/** Any stored JSON text by its schema. Throws `store-failed` that begins with `problem`. */
export function recordFromStore<T>(schema: z.ZodType<T>, text: string, problem: string): T {
  const record = schema.safeParse(parseJson(text));
  if (record.success) return record.data;
  throw unusableRecord(problem, record.error);
}

/** What a record that does not fit its schema comes to: `store-failed`, naming the first bad field. */
export function unusableRecord(what: string, error: z.ZodError): OpsAgentError {
  const [issue] = error.issues;
  const where = issue ? ` (at ${issue.path.join(".") || "the top"}: ${issue.message})` : "";
  return new OpsAgentError({
    code: "store-failed",
    message: `${what}${where}.`,
    remedy: "Keep the store as it is and report this; the other records are not affected.",
    cause: error,
  });
}

/**
 * A time in epoch milliseconds, by which records are ordered. Throws `store-failed` for what is no time between the
 * years 1970 and 9999: outside of them texts do not sort as times do.
 */
export function storedTime(iso: string): number {
  const time = Date.parse(iso);
  if (time >= 0 && time < Date.UTC(10_000, 0)) return time;
  throw new OpsAgentError({
    code: "store-failed",
    message: `The store was given "${iso}" where a time belongs.`,
    remedy: "This is a fault in OpsAgent: report it.",
  });
}
