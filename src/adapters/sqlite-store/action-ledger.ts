import type { DatabaseSync } from "node:sqlite";
import { LockState, refusalByLock } from "../../alert-grouping/grouping-rules.ts";
import type { ActionRecord } from "../../domain/action-record.ts";
import { lockKeyOfService } from "../../domain/alert-grouping.ts";
import { fieldsFor, jsonOf } from "../../domain/exit.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { ActionLedger } from "../../domain/ports.ts";
import {
  judgeReservation,
  type Reservation,
  type Reserved,
  reservationWindowMinutes,
} from "../../domain/reservation.ts";
import { readAction, readRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";

/** Claims on effects, and past actions. Names that guardrails compare (service, cluster, keys) stay exact. */
export function actionLedger(database: DatabaseSync): ActionLedger {
  const sql = statements(database);
  const write = (record: ActionRecord) => {
    const { incidentId, cluster, service, action, at } = record;
    sql.record.run(
      incidentId,
      cluster,
      service,
      action,
      storedTime(at),
      jsonOf(fieldsFor("store", record, [])),
    );
  };
  /** All or nothing: a guardrail that misses an action would allow too much. */
  const since = (time: number) => sql.since.all(time).map(readAction);

  const reserve = (reservation: Reservation): Reserved => {
    const { record } = reservation;
    const place = lockKeyOfService(record);
    const state = sql.place.get(place);
    const refused = refusalByLock(record.incidentId, state && readRecord(LockState, "place", place, state));
    if (refused !== undefined) return refused;
    if (sql.booked.get(record.incidentId, record.cluster, record.service, record.action) !== undefined) {
      return { granted: true };
    }
    const from = storedTime(record.at) - reservationWindowMinutes(reservation) * 60_000;
    // A window that is no number reaches back to the beginning.
    const verdict = judgeReservation(reservation, since(Number.isNaN(from) ? -Infinity : from));
    if (verdict.granted) write(record);
    return verdict;
  };

  return {
    claim: (key, at) => guarded("record a claim", () => sql.claim.run(key, at).changes === 1),

    reserve: (reservation) =>
      guarded(`book an action of the incident ${reservation.record.incidentId}`, () =>
        transaction(database, () => reserve(reservation)),
      ),

    /**
     * One record for each action of an incident, however many tasks it touches: recorded again, its latest time
     * and its verdict are kept, so that budgets count it once and cooldowns run from its last effect.
     */
    recordAction: (record) =>
      guarded(`record an action of the incident ${record.incidentId}`, () => write(record)),

    actionsSince: (time) => guarded("read the past actions", () => since(storedTime(time))),
  };
}

function statements(database: DatabaseSync) {
  return {
    claim: database.prepare("INSERT OR IGNORE INTO claims (key, at) VALUES (?, ?)"),
    place: database.prepare("SELECT record FROM places WHERE place = ?"),
    booked: database.prepare(
      "SELECT 1 FROM actions WHERE incident_id = ? AND cluster = ? AND service = ? AND action = ?",
    ),
    // One row for an incident's action: its latest time counts, and a verdict once known stays.
    record: database.prepare(
      `INSERT INTO actions (incident_id, cluster, service, action, at, record) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET
         at = max(at, excluded.at),
         record = json_patch(record, iif(excluded.at < at, json_remove(excluded.record, '$.at'), excluded.record))`,
    ),
    since: database.prepare("SELECT incident_id, record FROM actions WHERE at >= ? ORDER BY at, incident_id"),
  };
}
