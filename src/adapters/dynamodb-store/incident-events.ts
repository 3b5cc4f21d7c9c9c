import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../domain/incident/incident-event.ts";
import { FOLD_VERSION, foldEvents } from "../../domain/incident/incident-fold.ts";
import {
  afterOlderEntry,
  attachedEvent,
  digestOf,
  eventFromStore,
  eventToStore,
} from "../../domain/incident/stored-event.ts";
import type { IncidentEvents } from "../../domain/ports.ts";
import type { Sealer } from "./audit-trail.ts";
import { concurrently } from "./concurrently.ts";
import { eventIn, eventKey, keepEvent } from "./event-items.ts";
import type { KeptFold, KeptFolds } from "./incident-records.ts";
import { joinedTo } from "./open-incidents.ts";
import type { Table } from "./table.ts";

/**
 * One item for each event, keyed by its own key and written where none is, so that the first one wins. Its entry in the
 * audit trail follows, with the digest of what is kept, and gives the order; an event without one has not happened yet.
 * The record comes last: who is killed in between appends the same event again, or the next event brings it up to date.
 */
export function createIncidentEvents(
  table: Table,
  trail: Sealer,
  records: KeptFolds,
): IncidentEvents & {
  withAttached(record: Incident): Promise<Incident>;
  /** The record made of all events; undefined where they do not begin with one that is known. */
  foldedAnew(incidentId: string): Promise<Incident | undefined>;
} {
  /** Events whose entry in the trail comes after `from`, in order; `known` are not read again. */
  const sealed = async (
    incidentId: string,
    from: number,
    upTo?: number,
    known: readonly SealedEvent[] = [],
  ): Promise<readonly SealedEvent[]> => {
    const read = new Map(known.map((one) => [one.seq, one]));
    const seals = [...(await trail.sealsOf(incidentId, from, upTo))];
    const found = await concurrently(seals, async ([part, seq]): Promise<SealedEvent[]> => {
      const written = read.get(seq);
      if (written !== undefined) return [written];
      const item = await table.get(eventKey(incidentId, part));
      if (item === undefined) return [];
      return [{ seq, event: eventFromStore(await eventIn(table, incidentId, item)) }];
    });
    return found.flat().sort((one, other) => one.seq - other.seq);
  };

  const addOne = async (event: IncidentEvent): Promise<SealedEvent> => {
    const { stored, entry } = eventToStore(event);
    const text = await keepEvent(table, stored);
    const seq = await trail.seal({ ...entry, digest: digestOf(text) });
    if (seq === "older") return addOne(afterOlderEntry(event));
    return { seq, event: eventFromStore({ ...stored, text }) };
  };

  const fold = async (incidentId: string, kept: KeptFold | undefined, written: readonly SealedEvent[]) => {
    const made = kept !== undefined && kept.to > 0 && kept.version === FOLD_VERSION;
    const base = made ? kept.record : undefined;
    const from = base === undefined ? 0 : (kept?.to ?? 0);
    const upTo = Math.max(kept?.to ?? 0, ...written.map(({ seq }) => seq));
    const events = await sealed(incidentId, from, upTo, written);
    const record = foldEvents(
      base,
      events.map(({ event }) => event),
    );
    const to = events.at(-1)?.seq;
    if (record !== undefined && to !== undefined) {
      await records.saveFold(record, { to, version: FOLD_VERSION, over: kept?.head, clean: base });
    }
  };

  /**
   * Events of alerts that have joined and that no event tells of yet. In a storm hundreds join at once, and the trail
   * takes a few dozen entries a second: so they are appended with the next event of the incident, and until then added
   * where the record is read.
   */
  const unrecorded = async (incidentId: string, record: Incident | undefined): Promise<IncidentEvent[]> => {
    const known = new Set((record?.joined ?? []).map(({ key }) => key));
    const joined = await joinedTo(table, incidentId);
    return joined.filter(({ key }) => !known.has(key)).map((one) => attachedEvent(incidentId, one));
  };

  return {
    withAttached: async (record) => foldEvents(record, await unrecorded(record.id, record)) ?? record,

    foldedAnew: async (incidentId) => {
      const events = await sealed(incidentId, 0);
      return foldEvents(
        undefined,
        events.map(({ event }) => event),
      );
    },

    append: async (events) => {
      // One that does not fit its schema is refused before any is kept.
      for (const event of events) eventToStore(event);
      for (const incidentId of new Set(events.map((event) => event.incidentId))) {
        const kept = await records.foldOf(incidentId);
        const written: SealedEvent[] = [];
        if (kept?.to === 0 && kept.record !== undefined) {
          // A record of before events were kept becomes the first event of its stream.
          const { record } = kept;
          const at = record.closedAt ?? record.openedAt;
          written.push(await addOne({ incidentId, key: "imported", at, kind: "imported", record }));
        }
        if (kept !== undefined) {
          for (const event of await unrecorded(incidentId, kept.record)) written.push(await addOne(event));
        }
        for (const event of events) {
          if (event.incidentId === incidentId) written.push(await addOne(event));
        }
        await fold(incidentId, kept, written);
      }
    },

    eventsOf: async (incidentId) => (await sealed(incidentId, 0)).map(({ event }) => event),
  };
}

interface SealedEvent {
  readonly seq: number;
  readonly event: IncidentEvent | UnknownEvent;
}
