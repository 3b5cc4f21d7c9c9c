import type { DatabaseSync } from "node:sqlite";

/** Junk must not fill the disk: of the events nobody could read, this many newest are kept. */
const KEPT_UNREADABLE = 1_000;

/** The store's statements, prepared once. */
export function statements(database: DatabaseSync) {
  return {
    saveIncident: database.prepare(
      `INSERT INTO incidents (id, service, opened_at, record) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE
       SET service = excluded.service, opened_at = excluded.opened_at, record = excluded.record`,
    ),
    getIncident: database.prepare("SELECT id, record FROM incidents WHERE id = ?"),
    list: database.prepare("SELECT id, record FROM incidents ORDER BY opened_at DESC, id DESC LIMIT ?"),
    listOfService: database.prepare(
      "SELECT id, record FROM incidents WHERE service = ? ORDER BY opened_at DESC, id DESC LIMIT ?",
    ),
    claim: database.prepare("INSERT OR IGNORE INTO claims (key, at) VALUES (?, ?)"),
    // One row for an incident's action: its latest time counts, and a verdict once known stays.
    recordAction: database.prepare(
      `INSERT INTO actions (incident_id, cluster, service, action, at, record) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET
         at = max(at, excluded.at),
         record = json_patch(record, iif(excluded.at < at, json_remove(excluded.record, '$.at'), excluded.record))`,
    ),
    actionsSince: database.prepare(
      "SELECT incident_id, record FROM actions WHERE at >= ? ORDER BY at, incident_id",
    ),
    keepUnreadable: database.prepare("INSERT INTO unreadable_events (at, raw, problem) VALUES (?, ?, ?)"),
    forgetOldUnreadable: database.prepare(
      `DELETE FROM unreadable_events
       WHERE number <= (SELECT max(number) FROM unreadable_events) - ${KEPT_UNREADABLE}`,
    ),
  };
}
