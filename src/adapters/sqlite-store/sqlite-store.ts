import type { OpsAgentError } from "../../domain/errors.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import { actionLedger } from "./action-ledger.ts";
import { approvalBook } from "./approval-book.ts";
import { auditSeals } from "./audit-seals.ts";
import { auditTrail } from "./audit-trail.ts";
import { brake } from "./brake.ts";
import { eventLog } from "./incident-events.ts";
import { incidentRecords } from "./incident-records.ts";
import { judgements } from "./judgements.ts";
import { messageBook } from "./message-book.ts";
import { openDatabase } from "./open-database.ts";
import { openIncidents } from "./open-incidents.ts";
import { policyVersions } from "./policy-versions.ts";

export interface SqliteStoreOptions {
  /** Milliseconds to wait for another process that is writing. */
  readonly busyTimeoutMs?: number;
  /**
   * Told of each incident that a list had to leave out because it cannot be read any more, and once of each whose
   * record is damaged and made anew from its events.
   */
  readonly onUnreadable?: (problem: OpsAgentError) => void;
}

/**
 * The incident store in one SQLite file (or `:memory:`), shared safely by several processes. What a method reads and
 * writes is one transaction. Texts are redacted on the way in, records parsed on the way out. Opening and every
 * method throw {@link OpsAgentError} `store-failed`. Names that are compared (service, cluster, alarm, claim keys)
 * are kept as they are.
 */
export function createSqliteStore(
  path: string,
  { busyTimeoutMs = 5_000, onUnreadable }: SqliteStoreOptions = {},
): IncidentStore & { close(): void } {
  const database = openDatabase(path, busyTimeoutMs);
  const log = eventLog(database, onUnreadable);
  const { append, eventsOf } = log;
  return {
    append,
    eventsOf,
    ...incidentRecords(database, log, onUnreadable),
    ...openIncidents(database, log),
    ...actionLedger(database),
    ...approvalBook(database, log),
    ...messageBook(database),
    ...auditTrail(database),
    ...auditSeals(database),
    ...judgements(database),
    ...brake(database),
    ...policyVersions(database),
    close() {
      if (database.isOpen) database.close();
    },
  };
}
