import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../domain/incident/incident-event.ts";
import { FOLD_VERSION, foldEvents } from "../../domain/incident/incident-fold.ts";
import {
  attachedEvent,
  digestOf,
  eventFromStore,
  eventToStore,
  type StoredEvent,
} from "../../domain/incident/stored-event.ts";
import type { IncidentEvents } from "../../domain/ports.ts";
import type { Sealer } from "./audit-trail.ts";
import { collected, concurrently } from "./concurrently.ts";
import { textField } from "./decide.ts";
import { packed, unpacked } from "./incident-body.ts";
import type { KeptFolds } from "./incident-records.ts";
import { keyPart } from "./keys.ts";
import { joinedTo } from "./open-incidents.ts";
import type { Item, Table } from "./table.ts";

const EVENT = "event#";
const PART = "event-part#";
const partition = (incidentId: string) => `incident#${keyPart(incidentId)}`;
const keyOf = ({ incidentId, key }: Pick<StoredEvent, "incidentId" | "key">) => ({
  pk: partition(incidentId),
  sk: `${EVENT}${keyPart(key)}`,
});

/**
 * One item for each event, keyed by its own key and written where none is, so that the first one wins. Its entry in the
 * audit trail follows, with the digest of what is kept, and gives the order; an event without one has not happened yet.
 * The record comes last: who is killed in between appends the same event again, or the next event brings it up to date.
 */
export function createIncidentEvents(
  table: Table,
  trail: Sealer,
  records: KeptFolds,
): IncidentEvents & { withAttached(record: Incident): Promise<Incident> } {
  const textOf = async (item: Item): Promise<string> => {
    const parts = item["parts"];
    if (typeof parts !== "number") return unpacked([item["body"]]);
    const range = { prefix: `${PART}${item.sk.slice(EVENT.length)}#` };
    return unpacked((await collected(table.query({ pk: item.pk, range }))).map((part) => part["body"]));
  };

  /** Returns what is kept under the key: another process may have been first, with other words. */
  const keep = async (stored: StoredEvent): Promise<string> => {
    const key = keyOf(stored);
    const known = await table.get(key);
    if (known !== undefined) return textOf(known);
    const pieces = await packed(stored.text);
    if (pieces.length > 1) {
      for (const [index, body] of pieces.entries()) {
        const sk = `${PART}${keyPart(stored.key)}#${String(index).padStart(5, "0")}`;
        await table.put({ pk: key.pk, sk, body });
      }
    }
    const body = pieces.length > 1 ? { parts: pieces.length } : { body: pieces[0] };
    const { key: name, kind, at } = stored;
    if (await table.create({ ...key, name, kind, at, ...body })) return stored.text;
    const first = await table.get(key);
    return first === undefined ? stored.text : textOf(first);
  };

  /** Events whose entry in the trail comes after `from`, in order. */
  const sealed = async (incidentId: string, from: number): Promise<readonly SealedEvent[]> => {
    const seals = [...(await trail.sealsOf(incidentId))].filter(([, seq]) => seq > from);
    const found = await concurrently(seals, async ([part, seq]): Promise<SealedEvent[]> => {
      const item = await table.get({ pk: partition(incidentId), sk: `${EVENT}${part}` });
      // An entry of before events were kept seals none.
      if (item === undefined) return [];
      const text = await textOf(item);
      const [key, kind, at] = [textField(item, "name"), textField(item, "kind"), textField(item, "at")];
      return [{ seq, event: eventFromStore({ incidentId, key, kind, at, text }) }];
    });
    return found.flat().sort((one, other) => one.seq - other.seq);
  };

  const addOne = async (event: IncidentEvent): Promise<void> => {
    const { stored, entry } = eventToStore(event);
    const text = await keep(stored);
    await trail.seal({ ...entry, digest: digestOf(text) });
  };

  const fold = async (incidentId: string, base: Incident | undefined, from: number): Promise<void> => {
    const events = await sealed(incidentId, from);
    const record = foldEvents(
      base,
      events.map(({ event }) => event),
    );
    const to = events.at(-1)?.seq;
    if (record !== undefined && to !== undefined) {
      await records.saveFold(record, { to, version: FOLD_VERSION });
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

    append: async (events) => {
      for (const incidentId of new Set(events.map((event) => event.incidentId))) {
        const kept = await records.foldOf(incidentId);
        if (kept !== undefined && kept.to === 0) {
          // A record of before events were kept becomes the first event of its stream.
          const { record } = kept;
          const at = record.closedAt ?? record.openedAt;
          await addOne({ incidentId, key: "imported", at, kind: "imported", record });
        }
        if (kept !== undefined) {
          for (const event of await unrecorded(incidentId, kept.record)) await addOne(event);
        }
        for (const event of events) if (event.incidentId === incidentId) await addOne(event);
        const made = kept !== undefined && kept.to > 0 && kept.version === FOLD_VERSION;
        await fold(incidentId, made ? kept.record : undefined, made ? kept.to : 0);
      }
    },

    eventsOf: async (incidentId) => (await sealed(incidentId, 0)).map(({ event }) => event),
  };
}

interface SealedEvent {
  readonly seq: number;
  readonly event: IncidentEvent | UnknownEvent;
}
