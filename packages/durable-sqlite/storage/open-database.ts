/** Opens the database file as the engine needs it: private, crash-safe, migrated. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { giveIdentity } from "../identity.ts";
import { createDatabase, type Database, isBusy } from "./database.ts";
import { migrate } from "./schema.ts";

/** Blocks the event loop, so it is short; `Database.write` tries again without blocking. */
const BLOCKING_BUSY_TIMEOUT_MS = 100;

/**
 * Opens `path` (or ":memory:"). WAL with `synchronous=FULL`: a committed checkpoint survives a power cut
 * (https://sqlite.org/wal.html#performance_considerations).
 */
export function openDatabase(path: string, busyTimeoutMs: number): Database {
  if (path !== ":memory:") createPrivateFile(path);
  const connection = new DatabaseSync(path, { timeout: BLOCKING_BUSY_TIMEOUT_MS });
  try {
    untilNotBusy(busyTimeoutMs, () => {
      connection.exec(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;",
      );
      migrate(connection);
      giveIdentity(connection);
    });
  } catch (error) {
    connection.close();
    throw error;
  }
  return createDatabase(connection, busyTimeoutMs);
}

/** SQLite gives its -wal and -shm files the mode of the main file, so this one mode is enough. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

/** Switching to WAL does not honour the busy timeout in every case, hence the loop. */
function untilNotBusy(timeoutMs: number, work: () => void): void {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
