import { z } from "zod";
import {
  decideGrouping,
  type GroupingChanges,
  LockState,
  lockedUntil,
  releasedLock,
  SeenAlert,
} from "../../alert-grouping/grouping-rules.ts";
import { AttachedAlert, OpenIncident } from "../../domain/alert-grouping.ts";
import { fieldsFor, jsonOf, type TextFor } from "../../domain/exit.ts";
import { recordToStore, storedTime } from "../../domain/incident/stored-record.ts";
import type { IncidentLocks } from "../../domain/ports.ts";
import { collected, concurrently } from "./concurrently.ts";
import { type Decide, jsonField, textField } from "./decide.ts";
import { type Key, keyPart, timePart } from "./keys.ts";
import { type Item, type Table, versionOf } from "./table.ts";

const OPEN = "open-incidents";
const JOINED = "joined#";

const placeKey = (place: string) => ({ pk: `place#${keyPart(place)}`, sk: "place" });
const alertKey = (key: string) => ({ pk: `alert#${keyPart(key)}`, sk: "alert" });
const admissionKey = (incidentId: string) => ({ pk: `incident#${keyPart(incidentId)}`, sk: "admission" });

/** What an admission still has to write beside its place. */
const Unfiled = z.object({
  key: z.string(),
  at: z.iso.datetime(),
  seen: SeenAlert,
  opens: OpenIncident.optional(),
  joins: z.object({ incidentId: z.string(), alert: AttachedAlert }).optional(),
});
type Unfiled = z.infer<typeof Unfiled>;

/**
 * Which incident an alert belongs to; the rules are those of alert-grouping/grouping-rules.ts.
 *
 * A decision is one conditional write on the item of its place, which also holds what else the newest admission has to
 * write: what became of the alert, the incident's own item, what joined. Whoever reads the place to change it files
 * that first, so every alert but the newest is known by its key when the next is judged, and the newest is then filed.
 * A crash in between leaves a place that is taken, and the next alert, or the same one again, files the rest.
 *
 * The list of open incidents only names them, and counts for nothing by itself.
 */
export function createOpenIncidents(table: Table, decide: Decide) {
  const openingOf = async (incidentId: string): Promise<Opening | undefined> => {
    const item = await table.get(admissionKey(incidentId));
    return item && openingIn(item, incidentId);
  };

  /** One that is taken over keeps its turn and its alert; one that has ended stays so. */
  const writeOpening = async (at: string, opens: OpenIncident): Promise<void> => {
    const { incidentId, engine, aliveUntil } = opens;
    await table.put({ pk: OPEN, sk: keyPart(incidentId), incidentId });
    await decide(`open the incident ${incidentId}`, admissionKey(incidentId), (item) => {
      const known = item && openingIn(item, incidentId);
      if (known?.finished) return { answer: undefined };
      const open = known === undefined ? opens : { ...known.incident, engine, aliveUntil };
      const openedAt = known?.openedAt ?? timePart(at);
      const next = {
        open: recordToStore(OpenIncident, ids(open), "open incident"),
        openedAt,
        finished: false,
      };
      return { answer: undefined, next };
    });
  };

  const close = async (incidentId: string): Promise<void> => {
    await decide(`finish the incident ${incidentId}`, admissionKey(incidentId), (item) => ({
      answer: undefined,
      next: item === undefined || item["finished"] === true ? undefined : { ...item, finished: true },
    }));
    await table.remove({ pk: OPEN, sk: keyPart(incidentId) });
  };

  /** What became of the alert comes last: where it is written, all of it is. */
  const file = async (place: Item | undefined): Promise<void> => {
    if (place?.["unfiled"] === undefined) return;
    const { key, at, seen, opens, joins } = unfiledOf(place);
    const known = await table.get(alertKey(key));
    if (known !== undefined && (known["place"] !== place.pk || versionOfPlace(known) >= versionOf(place)))
      return;
    if (opens !== undefined) await writeOpening(at, opens);
    if (joins !== undefined) {
      const sk = `${JOINED}${timePart(joins.alert.joinedAt)}#${keyPart(joins.alert.key)}`;
      const { pk } = admissionKey(joins.incidentId);
      await table.put({ pk, sk, alert: jsonOf(ids(joins.alert)) });
    }
    // Lost to another who files the same, or something newer.
    await table.replace(
      { ...alertKey(key), seen: JSON.stringify(seen), place: place.pk, placeVersion: versionOf(place) },
      known,
    );
  };

  const placeAt = async (key: Key): Promise<LockState | undefined> => stateOf(await table.get(key));

  const joined = (incidentId: string) => joinedTo(table, incidentId);

  /** Changes the place that an incident was admitted to, if it is to be changed. */
  const changePlace = async <T>(
    doing: string,
    incidentId: string,
    judge: (place: LockState | undefined) => { readonly answer: T; readonly next?: LockState | undefined },
  ): Promise<T> => {
    const opening = await openingOf(incidentId);
    if (opening === undefined) return judge(undefined).answer;
    return decide(`${doing} the incident ${incidentId}`, placeKey(opening.incident.place), async (item) => {
      await file(item);
      const { answer, next } = judge(stateOf(item));
      return { answer, next: next && { state: recordToStore(LockState, ids(next), "place") } };
    });
  };

  const store: IncidentLocks = {
    attachOrOpen: async (admission) => {
      const { alert, place, at } = admission;
      const key = placeKey(place);
      // Before anything is written: a place with an alert that cannot be filed would be stuck.
      timePart(at);
      const { answer, files } = await decide(`attachOrOpen the alert ${alert.key}`, key, async (item) => {
        await file(item);
        const known = await table.get(alertKey(alert.key));
        const seen =
          known && jsonField(SeenAlert, known, "seen", `The stored alert ${alert.key} cannot be read`);
        const { answer, changes } = decideGrouping(admission, { seen, place: stateOf(item) });
        const unfiled = unfiledBy(alert.key, at, changes);
        if (unfiled === undefined || changes.place === undefined) return { answer: { answer, files: false } };
        const next = { state: recordToStore(LockState, ids(changes.place), `place ${place}`), unfiled };
        return { answer: { answer, files: true }, next };
      });
      if (files) await file(await table.get(key));
      return answer;
    },

    extendLock: (incidentId, aliveUntil) =>
      changePlace("keep open", incidentId, (place) => {
        const until = lockedUntil(incidentId, place, aliveUntil);
        if (place === undefined || until === undefined) return { answer: false };
        return {
          answer: true,
          next: until === place.aliveUntil ? undefined : { ...place, aliveUntil: until },
        };
      }),

    releaseLock: async (incidentId, { decayUntil }) => {
      await changePlace("releaseLock", incidentId, (place) => ({
        answer: undefined,
        next: releasedLock(incidentId, place, decayUntil),
      }));
      await close(incidentId);
      return joined(incidentId);
    },

    joined: async (incidentId) => {
      const opening = await openingOf(incidentId);
      if (opening !== undefined) await file(await table.get(placeKey(opening.incident.place)));
      return joined(incidentId);
    },

    open: async () => {
      const names = await collected(table.query({ pk: OPEN }));
      const found = await concurrently(names, async (item) => {
        const opening = await openingOf(textField(item, "incidentId"));
        if (opening?.finished) await table.remove(item);
        if (opening === undefined || opening.finished) return undefined;
        const { incident } = opening;
        const place = await placeAt(placeKey(incident.place));
        if (place?.incidentId !== incident.incidentId) return opening;
        const { engine, aliveUntil, phase } = place;
        if (phase === "finished") return undefined;
        return { ...opening, incident: { ...incident, engine, aliveUntil } };
      });
      return found
        .filter((one) => one !== undefined)
        .sort((one, other) => storedTime(one.openedAt) - storedTime(other.openedAt))
        .map((one) => one.incident);
    },
  };
  return { ...store, placeState: (place: string) => placeAt(placeKey(place)) };
}

/** What joined an incident, oldest first, as far as it is filed. */
export async function joinedTo(table: Table, incidentId: string): Promise<readonly AttachedAlert[]> {
  const { pk } = admissionKey(incidentId);
  const items = await collected(table.query({ pk, range: { prefix: JOINED } }));
  return items.map((item) =>
    jsonField(AttachedAlert, item, "alert", `What joined the incident ${incidentId} cannot be read`),
  );
}

interface Opening {
  readonly incident: OpenIncident;
  readonly openedAt: string;
  readonly finished: boolean;
}

function openingIn(item: Item, incidentId: string): Opening {
  const incident = jsonField(OpenIncident, item, "open", `The open incident ${incidentId} cannot be read`);
  return { incident, openedAt: textField(item, "openedAt"), finished: item["finished"] === true };
}

function stateOf(item: Item | undefined): LockState | undefined {
  return item && jsonField(LockState, item, "state", `The stored ${item.pk} cannot be read`);
}

function unfiledOf(item: Item): Unfiled {
  return jsonField(Unfiled, item, "unfiled", `The newest alert of the stored ${item.pk} cannot be read`);
}

/** Names and ids; the grouping rules redacted the words of their alerts. */
function ids<T extends object>(value: T) {
  return fieldsFor("store", value, []);
}

function unfiledBy(key: string, at: string, changes: GroupingChanges): TextFor<"store"> | undefined {
  const { seen, opens, joins } = changes;
  if (seen === undefined) return undefined;
  return recordToStore(Unfiled, ids({ key, at, seen, opens, joins }), `alert ${key}`);
}

function versionOfPlace(item: Item): number {
  const version = item["placeVersion"];
  return typeof version === "number" ? version : 0;
}
