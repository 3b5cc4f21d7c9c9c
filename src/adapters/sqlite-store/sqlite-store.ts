import type { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident.ts";
import { redact } from "../../domain/redaction/index.ts";
import type { IncidentStore } from "../../pipeline/ports.ts";
import { openDatabase } from "./open-database.ts";
import { readAction, readIncident, timeOf, writeIncident } from "./records.ts";
import { statements } from "./statements.ts";
import { guarded, storeError } from "./store-error.ts";

export interface SqliteStoreOptions {
  /** Milliseconds to wait for another process that is writing. */
  readonly busyTimeoutMs?: number;
  /** Told of each incident that `list` had to leave out because it cannot be read any more. */
  readonly onUnreadable?: (problem: OpsAgentError) => void;
}

const DEFAULT_LIMIT = 100;

/**
 * The incident store in one SQLite file (or `:memory:`), shared safely by several processes.
 * Texts are redacted on the way in, records parsed on the way out. Opening and every method throw
 * {@link OpsAgentError} `store-failed`. Names that guardrails compare (service, cluster, claim keys) are kept
 * as they are.
 */
export function createSqliteStore(
  path: string,
  { busyTimeoutMs = 5_000, onUnreadable }: SqliteStoreOptions = {},
): IncidentStore & { close(): void } {
  const database = openDatabase(path, busyTimeoutMs);
  const sql = statements(database);

  const readable = (row: unknown): Incident[] => {
    try {
      return [readIncident(row)];
    } catch (error) {
      onUnreadable?.(storeError("read an incident", error));
      return [];
    }
  };

  return {
    save: (incident) =>
      guarded(`save the incident ${incident.id}`, () => {
        const service = incident.target?.service ?? incident.alert.target?.service ?? null;
        sql.saveIncident.run(incident.id, service, timeOf(incident.openedAt), writeIncident(incident));
      }),

    get: (id) =>
      guarded(`read the incident ${id}`, () => {
        const row = sql.getIncident.get(id);
        return row === undefined ? undefined : readIncident(row);
      }),

    /** Newest first, 100 unless told otherwise. */
    list: ({ limit = DEFAULT_LIMIT, service } = {}) =>
      guarded("list the incidents", () => {
        const rows = Math.max(0, Math.trunc(limit));
        const found = service === undefined ? sql.list.all(rows) : sql.listOfService.all(service, rows);
        return found.flatMap(readable);
      }),

    claim: (key, at) => guarded("record a claim", () => sql.claim.run(key, at).changes === 1),

    /**
     * One record for each action of an incident, however many tasks it touches: recorded again, its latest time
     * and its verdict are kept, so that budgets count it once and cooldowns run from its last effect.
     */
    recordAction: (record) =>
      guarded(`record an action of the incident ${record.incidentId}`, () => {
        const { incidentId, cluster, service, action, at } = record;
        sql.recordAction.run(incidentId, cluster, service, action, timeOf(at), JSON.stringify(record));
      }),

    /** All or nothing: a guardrail that misses an action would allow too much. */
    actionsSince: (since) =>
      guarded("read the past actions", () => sql.actionsSince.all(timeOf(since)).map(readAction)),

    keepUnreadable: ({ at, raw, problem }) =>
      guarded("keep an unreadable event", () => {
        sql.keepUnreadable.run(at, redact(raw), redact(problem));
        sql.forgetOldUnreadable.run();
      }),

    close() {
      if (database.isOpen) database.close();
    },
  };
}
