import type { DatabaseSync } from "node:sqlite";
import {
  decideGrouping,
  type GroupingChanges,
  LockState,
  lockedUntil,
  releasedLock,
  SeenAlert,
} from "../../alert-grouping/grouping-rules.ts";
import { AttachedAlert, OpenIncident } from "../../domain/alert-grouping.ts";
import type { TextFor } from "../../domain/exit.ts";
import { fieldsFor } from "../../domain/exit.ts";
import { attachedEvent } from "../../domain/incident/stored-event.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { IncidentLocks } from "../../domain/ports.ts";
import type { EventLog } from "./incident-events.ts";
import { readRecord, writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

/** Names and ids; the grouping rules redacted the words of their alerts. */
const ids = <T extends object>(value: T) => fieldsFor("store", value, []);

/** Which incident an alert belongs to; the rules are those of alert-grouping/grouping-rules.ts. */
export function openIncidents(database: DatabaseSync, { add }: Pick<EventLog, "add">): IncidentLocks {
  const sql = statements(database);
  const placeHeldBy = (incidentId: string): { place: string; state: LockState } | undefined => {
    const row = sql.placeOfIncident.get(incidentId);
    if (row === undefined) return undefined;
    return { place: String(row["place"]), state: readRecord(LockState, "place", incidentId, row) };
  };
  const writePlace = (place: string, state: LockState) =>
    sql.writePlace.run(place, state.incidentId, writeRecord(LockState, `place ${place}`, ids(state)));
  const writeOpen = (open: OpenIncident, openedAt: number) =>
    sql.writeOpen.run(open.incidentId, openedAt, writeRecord(OpenIncident, "open incident", ids(open)));
  const joined = (incidentId: string) =>
    sql.joined.all(incidentId).map((row) => readRecord(AttachedAlert, "joined alert of", incidentId, row));

  const write = (key: string, place: string, at: number, changes: GroupingChanges) => {
    const { seen, place: state, opens, joins } = changes;
    if (seen !== undefined) sql.writeSeen.run(key, writeRecord(SeenAlert, "alert", ids(seen)));
    if (state !== undefined) writePlace(place, state);
    if (opens !== undefined) writeOpen(opens, at);
    if (joins === undefined) return;
    sql.join.run(joins.incidentId, at, writeRecord(AttachedAlert, "joined alert", ids(joins.alert)));
    // In a storm many join at once, and nobody reads the record in between.
    add([attachedEvent(joins.incidentId, joins.alert)], { later: true });
  };

  return {
    attachOrOpen: (admission) =>
      guarded(`attachOrOpen the alert ${admission.alert.key}`, () => {
        const { alert, place, at } = admission;
        return transaction(database, () => {
          const [seen, state] = [sql.seen.get(alert.key), sql.place.get(place)];
          const { answer, changes } = decideGrouping(admission, {
            seen: seen && readRecord(SeenAlert, "alert", alert.key, seen),
            place: state && readRecord(LockState, "place", place, state),
          });
          write(alert.key, place, storedTime(at), changes);
          return answer;
        });
      }),

    extendLock: (incidentId, aliveUntil) =>
      guarded(`keep the incident ${incidentId} open`, () =>
        transaction(database, () => {
          const held = placeHeldBy(incidentId);
          const until = lockedUntil(incidentId, held?.state, aliveUntil);
          if (held === undefined || until === undefined) return false;
          writePlace(held.place, { ...held.state, aliveUntil: until });
          sql.extendLockForGroupingWindow.run(until, incidentId);
          return true;
        }),
      ),

    releaseLock: (incidentId, { decayUntil }) =>
      guarded(`finish the incident ${incidentId}`, () =>
        transaction(database, () => {
          const held = placeHeldBy(incidentId);
          const state = releasedLock(incidentId, held?.state, decayUntil);
          if (held !== undefined && state !== undefined) writePlace(held.place, state);
          sql.close.run(incidentId);
          return joined(incidentId);
        }),
      ),

    joined: (incidentId) => guarded(`read what joined the incident ${incidentId}`, () => joined(incidentId)),

    open: () =>
      guarded("read the open incidents", () =>
        sql.open
          .all()
          .map((row) => readRecord(OpenIncident, "open incident", String(row["incident_id"]), row)),
      ),
  };
}

function statements(database: DatabaseSync) {
  return {
    seen: database.prepare("SELECT record FROM seen_alerts WHERE key = ?"),
    writeSeen: database.prepare(
      `INSERT INTO seen_alerts (key, record) VALUES (?, ?)
       ON CONFLICT (key) DO UPDATE SET record = excluded.record`,
    ) as Writes<[string, TextFor<"store">]>,
    place: database.prepare("SELECT record FROM places WHERE place = ?"),
    placeOfIncident: database.prepare("SELECT place, record FROM places WHERE incident_id = ?"),
    writePlace: database.prepare(
      `INSERT INTO places (place, incident_id, record) VALUES (?, ?, ?)
       ON CONFLICT (place) DO UPDATE SET incident_id = excluded.incident_id, record = excluded.record`,
    ) as Writes<[string, string, TextFor<"store">]>,
    // One that is taken over keeps its turn and the alert that it began with.
    writeOpen: database.prepare(
      `INSERT INTO open_incidents (incident_id, opened_at, record) VALUES (?, ?, ?)
       ON CONFLICT (incident_id) DO UPDATE SET record = json_set(record,
         '$.engine', excluded.record ->> '$.engine',
         '$.aliveUntil', excluded.record ->> '$.aliveUntil')`,
    ) as Writes<[string, number, TextFor<"store">]>,
    extendLockForGroupingWindow: database.prepare(
      "UPDATE open_incidents SET record = json_set(record, '$.aliveUntil', ?) WHERE incident_id = ?",
    ),
    close: database.prepare("DELETE FROM open_incidents WHERE incident_id = ?"),
    open: database.prepare("SELECT incident_id, record FROM open_incidents ORDER BY opened_at, incident_id"),
    join: database.prepare(
      "INSERT INTO joined_alerts (incident_id, joined_at, record) VALUES (?, ?, ?)",
    ) as Writes<[string, number, TextFor<"store">]>,
    joined: database.prepare(
      "SELECT record FROM joined_alerts WHERE incident_id = ? ORDER BY joined_at, number",
    ),
  };
}
