import { z } from "zod";
import { type LockState, refusalByLock } from "../../alert-grouping/grouping-rules.ts";
import type { ActionRecord } from "../../domain/action-record.ts";
import { fieldsFor, jsonOf, type TextFor } from "../../domain/exit.ts";
import { actionFromStore, recordFromStore, storedTime } from "../../domain/incident/stored-record.ts";
import type { ActionLedger } from "../../domain/ports.ts";
import {
  judgeReservation,
  type Reservation,
  type Reserved,
  reservationWindowMinutes,
} from "../../domain/reservation.ts";
import type { Target } from "../../domain/target.ts";
import { collected, concurrently } from "./concurrently.ts";
import { type Decide, textField } from "./decide.ts";
import { type Key, keyPart, timePart } from "./keys.ts";
import type { Item, Table } from "./table.ts";

const LIST = "actions";
const LAST_BOOKING: Key = { pk: "last-booking", sk: "booking" };
const EPOCH = new Date(0).toISOString();

/** Enough of a record to say whose it is when the rest cannot be read. */
const Owner = z.object({ incidentId: z.string() });

/**
 * Booked actions. Each is one item; the list in order of time has an item for each time an action was recorded with,
 * written before the action's own, so that a crash in between makes guardrails count one action too many, never one
 * too few.
 *
 * A booking is one conditional write on one item for the whole agent, which holds the newest booking. Before it is
 * replaced, whoever replaces it files it among the actions and reads those; so every booking was judged against all
 * bookings before it, and a crash after the write leaves nothing to repair but what the next booking files first.
 * A round is some six calls one after the other, so the item takes a few dozen of them a second. That is enough, since
 * only a granted booking writes, and the blast radius grants a handful in ten minutes, however many incidents ask.
 */
export function createActionLedger(
  table: Table,
  decide: Decide,
  lockKeyOf: (target: Target) => Promise<LockState | undefined>,
): Omit<ActionLedger, "claim"> {
  const record = async (action: ActionRecord): Promise<void> => {
    const key = keyOf(action);
    await table.put({ pk: LIST, sk: `${timePart(action.at)}#${key.pk}`, record: written(action) });
    await decide(`record an action of the incident ${action.incidentId}`, key, (item) => {
      const merged = written(item ? mergedAction(recordOf(item), action) : action);
      const changed = item === undefined || textField(item, "record") !== merged;
      return { answer: undefined, next: changed ? { record: merged } : undefined };
    });
  };

  const fileBooking = async (item: Item | undefined): Promise<void> => {
    if (item === undefined) return;
    const booked = recordOf(item);
    const filed = await table.get(keyOf(booked));
    if (filed === undefined) await record(booked);
  };

  /** All or nothing: a guardrail that misses an action would allow too much. */
  const actionsFrom = async (since: string): Promise<readonly ActionRecord[]> => {
    const listed = await collected(table.query({ pk: LIST, range: { from: since } }));
    const newest = new Map(listed.map(recordOf).map((action) => [keyOf(action).pk, action]));
    const actions = await concurrently([...newest.values()], async (entry) => {
      const item = await table.get(keyOf(entry));
      if (item === undefined) return entry;
      const stored = recordOf(item);
      return mergedAction(stored, { ...entry, ...verdictOf(stored) });
    });
    return [...actions].sort(byTime);
  };

  const judged = async (reservation: Reservation): Promise<{ answer: Reserved; books: boolean }> => {
    const action = reservation.record;
    const place = await lockKeyOf(action);
    const superseded = refusalByLock(action.incidentId, place);
    if (superseded !== undefined) return { answer: superseded, books: false };
    const booked = await table.get(keyOf(action));
    if (booked !== undefined) return { answer: { granted: true }, books: false };
    const answer = judgeReservation(reservation, await actionsFrom(windowStart(reservation)));
    return { answer, books: answer.granted };
  };

  return {
    reserve: async (reservation) => {
      const { record: action } = reservation;
      const doing = `book an action of the incident ${action.incidentId}`;
      const answer = await decide(doing, LAST_BOOKING, async (last) => {
        await fileBooking(last);
        const { answer, books } = await judged(reservation);
        return { answer, next: books ? { record: written(action) } : undefined };
      });
      if (answer.granted) await fileBooking(await table.get(LAST_BOOKING));
      return answer;
    },

    /**
     * One record for each action of an incident, however many tasks it touches: recorded again, its latest time and
     * its verdict are kept, so that budgets count it once and cooldowns run from its last effect.
     */
    recordAction: record,

    actionsSince: async (since) => {
      const start = timePart(since);
      await fileBooking(await table.get(LAST_BOOKING));
      return actionsFrom(start);
    },
  };
}

function keyOf({ incidentId, cluster, service, action }: ActionRecord): Key {
  return { pk: `action#${keyPart(JSON.stringify([incidentId, cluster, service, action]))}`, sk: "action" };
}

function recordOf(item: Item): ActionRecord {
  const text = textField(item, "record");
  return actionFromStore(ownerOf(text), text);
}

function ownerOf(text: string): string {
  try {
    return recordFromStore(Owner, text, "").incidentId;
  } catch {
    return "whose name cannot be read either";
  }
}

/** An action as it is stored: names, times and what verification said, no words. */
function written(action: ActionRecord): TextFor<"store"> {
  return jsonOf(fieldsFor("store", action, []));
}

/** The same action recorded again: what is newly said counts, but the latest time stays, and so does a verdict. */
function mergedAction(stored: ActionRecord, again: ActionRecord): ActionRecord {
  const at = storedTime(again.at) < storedTime(stored.at) ? stored.at : again.at;
  return { ...stored, ...again, ...verdictOf(again.verified === undefined ? stored : again), at };
}

function verdictOf({ verified }: ActionRecord): Partial<ActionRecord> {
  return verified === undefined ? {} : { verified };
}

/** From where on the history is read; from the beginning when a limit is no number, since the rules then refuse. */
function windowStart(reservation: Reservation): string {
  const start = storedTime(reservation.record.at) - reservationWindowMinutes(reservation) * 60_000;
  return start > 0 ? new Date(start).toISOString() : EPOCH;
}

function byTime(one: ActionRecord, other: ActionRecord): number {
  const apart = storedTime(one.at) - storedTime(other.at);
  if (apart !== 0) return apart;
  return one.incidentId < other.incidentId ? -1 : 1;
}
