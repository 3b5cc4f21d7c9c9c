/** The recorded store of before events were kept; see test/fixtures/store-before-events/README.md. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { gzipSync } from "node:zlib";
import type { LocalDynamo, RawItem } from "../contract/dynamodb-local.ts";

const folder = join(import.meta.dirname, "../fixtures/store-before-events");

/** A case file that the old version exported. */
export const oldCaseFile = join(folder, "case.json");

/** Makes the SQLite file as the old version left it. */
export function writeOldSqlite(path: string): void {
  const database = new DatabaseSync(path);
  database.exec(readFileSync(join(folder, "store.sql"), "utf8"));
  database.exec("PRAGMA journal_mode = WAL");
  database.close();
}

/** Puts the items of the old version into an empty table. */
export async function writeOldItems(dynamo: LocalDynamo, table: string): Promise<void> {
  const items: RawItem[] = JSON.parse(readFileSync(join(folder, "items.json"), "utf8"));
  for (const { body, ...item } of items) {
    await dynamo.put(table, typeof body === "string" ? { ...item, body: gzipSync(body) } : item);
  }
}
