/** Decisions that are one conditional write: read an item, judge it, write it if nobody else did meanwhile. */
import type { z } from "zod";
import { recordFromStore } from "../../domain/incident/stored-record.ts";
import { createTurns, untilDecided } from "./backoff.ts";
import type { Key } from "./keys.ts";
import type { Fields, FieldsToWrite, Item, Table } from "./table.ts";

/** What came of judging an item, and the fields it has from now on; without them it stays as it is. */
export interface Judged<T> {
  readonly answer: T;
  readonly next?: FieldsToWrite | undefined;
}

export type Decide = <T>(
  doing: string,
  key: Key,
  judge: (item: Item | undefined) => Judged<T> | Promise<Judged<T>>,
) => Promise<T>;

/**
 * Makes the decider of a table. The judge may be asked several times, each time with what is there now, so whatever it
 * does besides judging must be safe to repeat. Throws `store-failed`.
 */
export function createDecide(table: Table): Decide {
  const inTurn = createTurns();
  return (doing, key, judge) =>
    inTurn(JSON.stringify([key.pk, key.sk]), () =>
      untilDecided(doing, async () => {
        const item = await table.get(key);
        const { answer, next } = await judge(item);
        if (next === undefined) return { decided: answer };
        const { pk, sk } = key;
        return (await table.replace({ ...next, pk, sk }, item)) ? { decided: answer } : "lost";
      }),
    );
}

/** A field that holds JSON. Throws `store-failed` that begins with `problem` when it does not fit its schema. */
export function jsonField<T>(schema: z.ZodType<T>, item: Fields, field: string, problem: string): T {
  return recordFromStore(schema, textField(item, field), problem);
}

/** A field that holds a text; empty when it does not. */
export function textField(item: Fields, field: string): string {
  const value = item[field];
  return typeof value === "string" ? value : "";
}
