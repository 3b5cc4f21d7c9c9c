import { z } from "zod";
import { AuditEntry, type AuditInput, sealed } from "../../domain/incident/audit.ts";
import { keptInput } from "../../domain/incident/audit-input.ts";
import { unusableRecord } from "../../domain/incident/stored-record.ts";
import type { AuditTrail } from "../../domain/ports.ts";
import { createTurns, untilDecided } from "./backoff.ts";
import { collected, concurrently } from "./concurrently.ts";
import { sealedEvent } from "./event-items.ts";
import { keyPart } from "./keys.ts";
import type { Item, Table } from "./table.ts";

const TRAIL = "audit";
const DEFAULT_LIMIT = 500;

/** An entry as it is, whatever it says: a changed one has to reach the one who verifies the chain. */
const StoredEntry = z.object({
  seq: z.number(),
  incidentId: z.string(),
  key: z.string(),
  event: z.string(),
  detail: z.string(),
  at: z.string(),
  digest: z.string().exactOptional(),
  previous: z.string(),
  hash: z.string(),
});

const place = (seq: number) => ({ pk: TRAIL, sk: String(seq).padStart(12, "0") });
const listOf = (incidentId: string) => `audit-of#${keyPart(incidentId)}`;
const fileOf = ({ incidentId, key }: Pick<AuditInput, "incidentId" | "key">) => ({
  pk: listOf(incidentId),
  sk: keyPart(key),
});

/** Gives events their place in the trail. */
export interface Sealer {
  /**
   * Returns the number of the entry, also where the key was sealed before; `older` where the key is of an entry of
   * before events were kept, which seals none.
   */
  seal(input: AuditInput): Promise<number | "older">;
  /**
   * The numbers of an incident's events after `from` by the key part of their key. Up to `upTo`, which has to be an entry
   * that {@link seal} returned; without it up to the newest entry. None is missing among them.
   */
  sealsOf(incidentId: string, from: number, upTo?: number): Promise<ReadonlyMap<string, number>>;
}

/**
 * One item for each entry, keyed by its number and written where none is; no item is ever changed or removed. An item
 * by incident and key, the file, tells that the same was written before. It is written after its entry, and before the
 * next entry by whoever writes that one; so only the newest entry can lack it, and that one is looked at itself.
 *
 * All entries stand in one line, so processes that write at the same moment take turns by trying. An entry is three to
 * five calls one after the other: a few dozen entries a second, of all processes together.
 */
export function createAuditTrail(
  table: Table,
): Omit<AuditTrail, "keepSeal" | "seals" | "newestSeal"> & Sealer {
  const inTurn = createTurns();
  /** Everything up to here is filed, as far as this process knows. */
  let filedTo = 0;
  /** The entry that this process wrote last, while nobody else writes: the next one is tried right after it. */
  let own: AuditEntry | undefined;
  let alone = false;

  const newest = async (): Promise<AuditEntry | undefined> => {
    for await (const item of table.query({ pk: TRAIL, newestFirst: true, pageSize: 1 })) return entryOf(item);
    return undefined;
  };

  const file = async (entry: AuditEntry): Promise<void> => {
    if (entry.seq <= filedTo) return;
    const sealsEvent = entry.digest === undefined ? {} : { sealsEvent: true };
    await table.create({ ...fileOf(entry), seq: entry.seq, ...sealsEvent });
    filedTo = Math.max(filedTo, entry.seq);
  };

  const newestFiled = async (): Promise<AuditEntry | undefined> => {
    const last = await newest();
    if (last !== undefined) await file(last);
    return last;
  };

  /** A file that does not say so was written before events were kept, or by a process of then. */
  const sealsEvent = async (filed: Item): Promise<boolean> => {
    if (filed["sealsEvent"] === true) return true;
    const entry = await table.get(place(Number(filed["seq"])));
    return entry !== undefined && entryOf(entry).digest !== undefined;
  };

  const tryToSeal = async (input: AuditInput): Promise<{ decided: number | "older" } | "lost"> => {
    const last = alone ? own : await newestFiled();
    alone = last?.seq === own?.seq;
    const filed = await table.get(fileOf(input));
    if (filed !== undefined) {
      return { decided: (await sealsEvent(filed)) ? Number(filed["seq"]) : "older" };
    }
    const entry = sealed(input, last);
    if (!(await table.create({ ...entry, ...place(entry.seq) }))) {
      alone = false;
      return "lost";
    }
    await file(entry);
    own = entry;
    return { decided: entry.seq };
  };

  return {
    seal: async (input) => {
      const kept = keptInput(input);
      const checked = AuditEntry.safeParse(sealed(kept, undefined));
      if (!checked.success) throw unusableRecord("An audit entry does not fit its own schema", checked.error);
      return inTurn(TRAIL, () => untilDecided("add to the audit trail", () => tryToSeal(kept)));
    },

    sealsOf: async (incidentId, from, upTo) => {
      const to = upTo ?? (await newestFiled())?.seq ?? 0;
      const files = await collected(table.query({ pk: listOf(incidentId) }));
      const between = files.filter((item) => Number(item["seq"]) > from && Number(item["seq"]) <= to);
      const seals = await concurrently(between, async (item) => ((await sealsEvent(item)) ? [item] : []));
      return new Map(seals.flat().map((item) => [item.sk, Number(item["seq"])]));
    },

    sealedEvents: async (entries) => {
      const found = await concurrently(
        entries.filter(({ digest }) => digest !== undefined),
        async (entry) => [entry.seq, await sealedEvent(table, entry)] as const,
      );
      return new Map(found.flatMap(([seq, event]) => (event === undefined ? [] : [[seq, event]])));
    },

    trailHead: newest,

    // One without an entry has not happened: nobody reads it.
    unsealedEvent: async () => undefined,

    entries: async ({ after = 0, limit = DEFAULT_LIMIT } = {}) => {
      const wanted = Math.max(0, Math.trunc(limit));
      const entries: AuditEntry[] = [];
      if (wanted === 0) return entries;
      const range = { after: place(Math.max(0, Math.trunc(after))).sk };
      for await (const item of table.query({ pk: TRAIL, range, pageSize: Math.min(wanted, DEFAULT_LIMIT) })) {
        entries.push(entryOf(item));
        if (entries.length === wanted) break;
      }
      return entries;
    },

    entriesOf: async (incidentId) => {
      await newestFiled();
      const filed = await collected(table.query({ pk: listOf(incidentId) }));
      const found = await concurrently(filed, (item) => table.get(place(Number(item["seq"]))));
      return found
        .flatMap((item) => (item === undefined ? [] : [entryOf(item)]))
        .sort((one, other) => one.seq - other.seq);
    },
  };
}

function entryOf(item: Item): AuditEntry {
  const entry = StoredEntry.safeParse(item);
  if (entry.success) return entry.data;
  throw unusableRecord(`The audit entry ${item.sk} cannot be read`, entry.error);
}
