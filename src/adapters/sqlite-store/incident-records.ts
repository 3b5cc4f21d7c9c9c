import type { DatabaseSync } from "node:sqlite";
import type { OpsAgentError } from "../../domain/errors.ts";
import type { TextFor } from "../../domain/exit.ts";
import { textFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { IncidentRecords } from "../../domain/ports.ts";
import type { EventLog } from "./incident-events.ts";
import { guarded, storeError } from "./store-error.ts";
import { summaryPage } from "./summary-page.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

const DEFAULT_LIMIT = 100;
/** Junk must not fill the disk: of the events nobody could read, this many newest are kept. */
const KEPT_UNREADABLE = 1_000;

/** Incident records, newest first by the time they opened. `onUnreadable` is told of those that `list` leaves out. */
export function incidentRecords(
  database: DatabaseSync,
  { recordOf }: Pick<EventLog, "recordOf">,
  onUnreadable: ((problem: OpsAgentError) => void) | undefined,
): IncidentRecords {
  const sql = statements(database);

  const readable = (row: unknown): Incident[] => {
    try {
      return [recordOf(row)];
    } catch (error) {
      onUnreadable?.(storeError("read an incident", error));
      return [];
    }
  };

  const current = (id: string) => {
    const row = sql.get.get(id);
    return row === undefined ? undefined : recordOf(row);
  };

  return {
    get: (id) => guarded(`read the incident ${id}`, () => current(id)),

    list: ({ limit = DEFAULT_LIMIT, service, before } = {}) =>
      guarded("list the incidents", () => {
        const rows = Math.max(0, Math.trunc(limit));
        const until = before === undefined ? Number.MAX_SAFE_INTEGER : storedTime(before);
        const found =
          service === undefined ? sql.list.all(until, rows) : sql.listOfService.all(service, until, rows);
        return found.flatMap(readable);
      }),

    summaries: (query) =>
      guarded("list the incidents", () => summaryPage(database, query, current, onUnreadable)),

    keepUnreadable: ({ at, raw, problem }) =>
      guarded("keep an unreadable event", () =>
        transaction(database, () => {
          sql.keepUnreadable.run(at, textFor("store", raw), textFor("store", problem));
          sql.forgetOldUnreadable.run();
        }),
      ),
  };
}

function statements(database: DatabaseSync) {
  return {
    get: database.prepare("SELECT id, record, folded_to, fold_version FROM incidents WHERE id = ?"),
    list: database.prepare(
      "SELECT id, record, folded_to, fold_version FROM incidents WHERE opened_at < ? ORDER BY opened_at DESC, id DESC LIMIT ?",
    ),
    listOfService: database.prepare(
      `SELECT id, record, folded_to, fold_version FROM incidents WHERE service = ? AND opened_at < ?
       ORDER BY opened_at DESC, id DESC LIMIT ?`,
    ),
    keepUnreadable: database.prepare(
      "INSERT INTO unreadable_events (at, raw, problem) VALUES (?, ?, ?)",
    ) as Writes<[string, TextFor<"store">, TextFor<"store">]>,
    forgetOldUnreadable: database.prepare(
      `DELETE FROM unreadable_events
       WHERE number <= (SELECT max(number) FROM unreadable_events) - ${KEPT_UNREADABLE}`,
    ),
  };
}
