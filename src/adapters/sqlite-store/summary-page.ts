/** Pages of summaries, read by an index and without touching whole records. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { IncidentSummary, summaryOf } from "../../domain/incident/incident-summary.ts";
import { readCursor, writeCursor } from "../../domain/incident/page-cursor.ts";
import { recordFromStore, storedTime } from "../../domain/incident/stored-record.ts";
import type { SummaryPage, SummaryQuery } from "../../domain/ports.ts";
import { storeError } from "./store-error.ts";

const DEFAULT_LIMIT = 100;
const Row = z.object({
  id: z.string(),
  opened_at: z.number(),
  summary: z.string().nullable(),
});

/** One page, newest first. Without a readable summary the `current` record is asked; else `onUnreadable` is told. */
export function summaryPage(
  database: DatabaseSync,
  { limit = DEFAULT_LIMIT, service, listedAs, since, after }: SummaryQuery = {},
  current: (id: string) => Incident | undefined,
  onUnreadable?: (problem: OpsAgentError) => void,
): SummaryPage {
  const rows = Math.max(0, Math.trunc(limit));
  const cursor = after === undefined ? undefined : readCursor(after);
  const conditions: [string, readonly (string | number)[]][] = [];
  if (service !== undefined) conditions.push(["service = ?", [service]]);
  if (since !== undefined) conditions.push(["opened_at >= ?", [storedTime(since)]]);
  if (cursor !== undefined) conditions.push(["(opened_at, id) < (?, ?)", [cursor.at, cursor.id]]);
  const [only, ...others] = listedAs ?? [];
  // With several, the index by list would have to be merged and sorted; the one by time is read in order instead.
  if (only !== undefined && others.length === 0 && service === undefined)
    conditions.push(["listed_as = ?", [only]]);
  else if (listedAs !== undefined)
    conditions.push(["+listed_as IN (SELECT value FROM json_each(?))", [JSON.stringify(listedAs)]]);
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.map(([sql]) => sql).join(" AND ")}`;
  const found = database
    .prepare(
      `SELECT id, opened_at, summary FROM incidents ${where}
       ORDER BY opened_at DESC, id DESC LIMIT ?`,
    )
    .all(...conditions.flatMap(([, values]) => values), rows)
    .map((row) => Row.parse(row));
  const made = (id: string): IncidentSummary[] => {
    try {
      const record = current(id);
      return record === undefined ? [] : [summaryOf(record)];
    } catch (error) {
      onUnreadable?.(storeError("read an incident", error));
      return [];
    }
  };
  const summaries = found.flatMap(({ id, summary }) => {
    if (summary === null) return made(id);
    try {
      return [recordFromStore(IncidentSummary, summary, `The stored incident ${id} cannot be read`)];
    } catch {
      // Damaged, or of a newer version: the record says the same.
      return made(id);
    }
  });
  const last = found.at(-1);
  if (found.length < rows || last === undefined) return { summaries };
  return { summaries, next: writeCursor({ at: last.opened_at, id: last.id }) };
}
