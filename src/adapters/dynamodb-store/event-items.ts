/** Events as items: one for each, and parts of those that are too large for one. */
import type { AuditEntry, SealedEvent } from "../../domain/incident/audit.ts";
import { digestOf, type EventToStore, type StoredEvent } from "../../domain/incident/stored-event.ts";
import { collected, concurrently } from "./concurrently.ts";
import { textField } from "./decide.ts";
import { packed, unpacked } from "./incident-body.ts";
import { keyPart } from "./keys.ts";
import type { Item, Table } from "./table.ts";

const EVENT = "event#";
const PART = "event-part#";

/** Where an event is; `part` is the key part of its key. */
export const eventKey = (incidentId: string, part: string) => ({
  pk: `incident#${keyPart(incidentId)}`,
  sk: `${EVENT}${part}`,
});

/**
 * Keeps an event where none is under its key. Returns the text that is kept: another process may have been first, with
 * other words. Parts are named by the digest of the whole, so that two who are first at once do not mix theirs.
 */
export async function keepEvent(table: Table, stored: EventToStore): Promise<string> {
  const key = eventKey(stored.incidentId, keyPart(stored.key));
  const { key: name, kind, at } = stored;
  const pieces = await packed(stored.text);
  const [only] = pieces;
  if (pieces.length === 1) {
    if (await table.create({ ...key, name, kind, at, body: only })) return stored.text;
  } else {
    const known = await table.get(key);
    if (known !== undefined) return textOf(table, known);
    const generation = digestOf(stored.text).slice(0, 32);
    await concurrently([...pieces.entries()], ([index, body]) =>
      table.put({
        pk: key.pk,
        sk: `${partPrefix(key.sk, generation)}${String(index).padStart(5, "0")}`,
        body,
      }),
    );
    if (await table.create({ ...key, name, kind, at, parts: pieces.length, generation })) return stored.text;
  }
  const first = await table.get(key);
  return first === undefined ? stored.text : textOf(table, first);
}

/** The event that is kept in an item, as far as it can be read. */
export async function eventIn(table: Table, incidentId: string, item: Item): Promise<StoredEvent> {
  const [key, kind, at] = [textField(item, "name"), textField(item, "kind"), textField(item, "at")];
  return { incidentId, key, kind, at, text: await textOf(table, item) };
}

/** What is kept of the event that an entry seals. */
export async function sealedEvent(table: Table, entry: AuditEntry): Promise<SealedEvent | undefined> {
  const item = await table.get(eventKey(entry.incidentId, keyPart(entry.key)));
  if (item === undefined) return undefined;
  const { text, ...named } = await eventIn(table, entry.incidentId, item);
  return { ...named, digest: digestOf(text) };
}

/** Empty where it is damaged. */
async function textOf(table: Table, item: Item): Promise<string> {
  const generation = textField(item, "generation");
  if (generation === "") return unpacked([item["body"]]);
  const parts = await collected(
    table.query({ pk: item.pk, range: { prefix: partPrefix(item.sk, generation) } }),
  );
  return parts.length === item["parts"] ? unpacked(parts.map((part) => part["body"])) : "";
}

function partPrefix(sk: string, generation: string): string {
  return `${PART}${sk.slice(EVENT.length)}#${generation}#`;
}
