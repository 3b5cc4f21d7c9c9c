/** The engine's identity: all engines on one file share it, since each continues what another left. */
import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { Database } from "./storage/database.ts";

/** Gives a new database its identity, once, whichever process comes first. An in-memory one is new each time. */
export function giveIdentity(connection: DatabaseSync): void {
  if (connection.prepare("SELECT 1 FROM engine").get() !== undefined) return;
  connection.prepare("INSERT OR IGNORE INTO engine (only_row, identity) VALUES (1, ?)").run(randomUUID());
}

/** The database's identity, a UUID. */
export function readIdentity(database: Database): string {
  const { identity } = database.statement("SELECT identity FROM engine").get() ?? {};
  return String(identity);
}
