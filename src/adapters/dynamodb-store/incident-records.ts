import { randomUUID } from "node:crypto";
import { asOpsAgentError, type OpsAgentError } from "../../domain/errors.ts";
import { jsonFor, type TextFor } from "../../domain/exit.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { FOLD_VERSION } from "../../domain/incident/incident-fold.ts";
import { IncidentSummary, summaryOf } from "../../domain/incident/incident-summary.ts";
import { readCursor, writeCursor } from "../../domain/incident/page-cursor.ts";
import { incidentFromStore, incidentToStore } from "../../domain/incident/stored-record.ts";
import type { IncidentRecords } from "../../domain/ports.ts";
import { collected, concurrently } from "./concurrently.ts";
import { type Decide, textField } from "./decide.ts";
import { packed, unpacked } from "./incident-body.ts";
import { keyPart, timePart } from "./keys.ts";
import { type Fields, type Item, type Table, versionOf } from "./table.ts";

const DEFAULT_LIMIT = 100;

/** Entries that a page with a filter passes over before it leaves the rest to the next page. */
const LOOKED_AT_MOST = 500;

/** Looks at a record whose parts are replaced meanwhile. */
const LOOKS = 5;

/** A record as it is stored; an empty text where it is damaged. */
interface StoredIncident {
  readonly id: string;
  readonly head: Item;
  readonly text: string;
}

/** How far into the trail a kept record was folded, and by which fold; of one of before events were kept, 0. */
export interface FoldState {
  readonly to: number;
  readonly version: number;
}

/** A kept record; without one where it is damaged. */
export interface KeptFold extends FoldState {
  readonly head: Item;
  readonly record: Incident | undefined;
}

/** Records as the events make them. */
export interface KeptFolds {
  /**
   * Keeps the record unless one is there that was folded as far by the same fold. `over` is the item that was read
   * before, `clean` the record in it, which the new one was folded from.
   */
  saveFold(
    incident: Incident,
    fold: FoldState & { readonly over: Item | undefined; readonly clean: Incident | undefined },
  ): Promise<void>;
  /** Throws `store-failed` for a damaged record of before events were kept. */
  foldOf(id: string): Promise<KeptFold | undefined>;
}

const foldIn = (item: Item | undefined): FoldState => ({
  to: Number(item?.["foldedTo"] ?? 0),
  version: Number(item?.["foldVersion"] ?? 0),
});

const headOf = (id: string) => ({ pk: `incident#${keyPart(id)}`, sk: "record" });
const partPrefix = (generation: string) => `part#${generation}#`;
const listOf = (service: string | undefined) =>
  service === undefined ? "incidents" : `incidents-of#${keyPart(service)}`;

/**
 * Incident records: a head item with the record, or with the name of the generation of parts that hold it when it is
 * too large for one item. Lists are items of their own that name a head. Written first are the list items (one without
 * a head is passed over), then the parts (not seen without a head), then the head; so a reader finds the old record or
 * the new one, never half of one. A crash in between leaves the old record, and at most parts that nobody reads.
 */
export function createIncidentRecords(
  table: Table,
  decide: Decide,
  onUnreadable: (problem: OpsAgentError) => void,
  foldedAnew: (id: string) => Promise<Incident | undefined>,
): Omit<IncidentRecords, "keepUnreadable"> & KeptFolds {
  const partsOf = (pk: string, generation: string) =>
    collected(table.query({ pk, range: { prefix: partPrefix(generation) } }));

  const read = async (id: string): Promise<StoredIncident | undefined> => {
    let head = await table.get(headOf(id));
    for (let looks = 0; head !== undefined; looks += 1) {
      const generation = head["generation"];
      if (typeof generation !== "string") return { id, head, text: await unpacked([head["body"]]) };
      const parts = await partsOf(head.pk, generation);
      const complete = parts.length === head["parts"];
      if (complete) return { id, head, text: await unpacked(parts.map((part) => part["body"])) };
      // Parts go only after a newer head has come.
      const newer: Item | undefined = await table.get(head);
      if (versionOf(newer) === versionOf(head) || looks === LOOKS) return { id, head, text: "" };
      head = newer;
    }
    return undefined;
  };

  const told = new Set<string>();

  /** Of another fold it is made anew of the events; and where it is damaged, which is told once. */
  const recordOf = async ({ id, head, text }: StoredIncident): Promise<Incident> => {
    const { to, version } = foldIn(head);
    if (to > 0 && version !== FOLD_VERSION) {
      const record = await foldedAnew(id);
      if (record !== undefined) return record;
    }
    try {
      return incidentFromStore(id, text);
    } catch (error) {
      const record = await foldedAnew(id);
      if (record === undefined) throw error;
      if (!told.has(id)) onUnreadable(asOpsAgentError(error));
      told.add(id);
      return record;
    }
  };

  const readable = async (stored: StoredIncident): Promise<readonly Incident[]> => {
    try {
      return [await recordOf(stored)];
    } catch (error) {
      onUnreadable(asOpsAgentError(error));
      return [];
    }
  };

  const writeBody = async (pk: string, pieces: readonly Uint8Array[]): Promise<Fields> => {
    if (pieces.length === 1) return { body: pieces[0] };
    const generation = randomUUID();
    await concurrently([...pieces.entries()], ([index, body]) =>
      table.put({ pk, sk: `${partPrefix(generation)}${String(index).padStart(5, "0")}`, body }),
    );
    return { generation, parts: pieces.length };
  };

  /** The summary in a head, which says the same as the record beside it; of an older or damaged one, made from it. */
  const summaryIn = async (id: string, head: Item): Promise<readonly IncidentSummary[]> => {
    const kept = IncidentSummary.safeParse(parsed(textField(head, "summary")));
    if (kept.success) return [kept.data];
    try {
      const found = await read(id);
      return found === undefined ? [] : [summaryOf(await recordOf(found))];
    } catch (error) {
      onUnreadable(asOpsAgentError(error));
      return [];
    }
  };

  const write = async (
    { id, openedAt, ...incident }: Incident,
    text: TextFor<"store">,
    summary: IncidentSummary,
    fold: Fields,
    isNewer: (item: Item | undefined) => boolean,
    over: Item | undefined,
  ) => {
    const at = timePart(openedAt);
    const service = incident.target?.service ?? incident.alert.target?.service;
    const pieces = await packed(text);
    // A head is written after its list items.
    const listed = over !== undefined && over["openedAt"] === at && over["service"] === service;
    for (const pk of new Set(listed ? [] : [listOf(undefined), listOf(service)])) {
      await table.put({ pk, sk: `${at}#${keyPart(id)}`, id, at });
    }
    const head = headOf(id);
    const body = await writeBody(head.pk, pieces);
    // A version, although the last one wins: a write that arrives late, after its own retry and after a newer
    // record, must not bring the older one back.
    const next = { ...body, openedAt: at, service, summary: jsonFor("store", summary), ...fold };
    const first = over !== undefined && isNewer(over) && (await table.replace({ ...next, ...head }, over));
    const replaced = first
      ? over["generation"]
      : await decide(`save the incident ${id}`, head, (item) =>
          isNewer(item) ? { answer: item?.["generation"], next } : { answer: body["generation"] },
        );
    if (typeof replaced === "string") await concurrently(await partsOf(head.pk, replaced), table.remove);
  };

  return {
    saveFold: async (incident, { to, version, over, clean }) => {
      const { text, summary } = incidentToStore(incident, clean);
      const isNewer = (item: Item | undefined) => {
        const current = foldIn(item);
        return current.version !== version || current.to < to;
      };
      await write(incident, text, summary, { foldedTo: to, foldVersion: version }, isNewer, over);
    },

    foldOf: async (id) => {
      const found = await read(id);
      if (found === undefined) return undefined;
      const [{ head, text }, fold] = [found, foldIn(found.head)];
      try {
        return { head, record: incidentFromStore(id, text), ...fold };
      } catch (error) {
        if (fold.to === 0) throw error;
        return { head, record: undefined, ...fold };
      }
    },

    get: async (id) => {
      const found = await read(id);
      return found && recordOf(found);
    },

    list: async ({ limit = DEFAULT_LIMIT, service, before } = {}) => {
      const wanted = Math.max(0, Math.trunc(limit));
      const entries = table.query({
        pk: listOf(service),
        newestFirst: true,
        pageSize: Math.min(Math.max(1, wanted), DEFAULT_LIMIT),
        ...(before === undefined ? {} : { range: { before: timePart(before) } }),
      });
      const listed: Incident[] = [];
      let named: Item[] = [];
      const readNamed = async () => {
        const found = await concurrently(named, (entry) => read(textField(entry, "id")));
        const current = found.filter((record, index) => {
          // The record may have had another time or service when the list item was written.
          const same = record?.head["openedAt"] === named[index]?.["at"];
          return same && (service === undefined || record?.head["service"] === service);
        });
        const records = await concurrently(current, async (record) =>
          record === undefined ? [] : readable(record),
        );
        listed.push(...records.flat());
        named = [];
      };
      for await (const entry of entries) {
        if (listed.length + named.length >= wanted) await readNamed();
        if (listed.length >= wanted) break;
        named.push(entry);
      }
      await readNamed();
      return listed;
    },

    summaries: async ({ limit = DEFAULT_LIMIT, service, listedAs, since, after } = {}) => {
      const wanted = Math.max(0, Math.trunc(limit));
      const cursor = after === undefined ? undefined : readCursor(after);
      const before = cursor && `${new Date(cursor.at).toISOString()}#${keyPart(cursor.id)}`;
      const from = since === undefined ? "" : timePart(since);
      const entries = table.query({
        pk: listOf(service),
        newestFirst: true,
        pageSize: DEFAULT_LIMIT,
        ...(before === undefined ? {} : { range: { before } }),
      });
      const summaries: IncidentSummary[] = [];
      let named: Item[] = [];
      let looked = 0;
      let last: Item | undefined;
      let ended = true;
      const readNamed = async () => {
        const found = await concurrently(named, async (entry) => {
          const id = textField(entry, "id");
          const head = await table.get(headOf(id), ["openedAt", "service", "summary"]);
          const same = head?.["openedAt"] === entry["at"] && (!service || head?.["service"] === service);
          return head === undefined || !same ? [] : summaryIn(id, head);
        });
        summaries.push(...found.flat().filter((each) => listedAs?.includes(each.listedAs) ?? true));
        named = [];
      };
      for await (const entry of entries) {
        if (summaries.length + named.length >= wanted || named.length >= DEFAULT_LIMIT) await readNamed();
        if (summaries.length >= wanted || looked >= wanted + LOOKED_AT_MOST) {
          ended = false;
          break;
        }
        if (textField(entry, "at") < from) break;
        named.push(entry);
        last = entry;
        looked += 1;
      }
      await readNamed();
      if (ended || last === undefined) return { summaries };
      return {
        summaries,
        next: writeCursor({ at: Date.parse(textField(last, "at")), id: textField(last, "id") }),
      };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
