/** Can a SQLite file be written right now? */
import { existsSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OpsAgentError } from "../../domain/errors.ts";
import { storeError } from "./store-error.ts";

/** An incident with its evidence is some hundred kilobytes, and the write-ahead log of SQLite grows to four megabytes. */
const LEAST_FREE_BYTES = 16 * 1_024 * 1_024;

/**
 * Writes one page of the file, which says the same as before, over a connection of its own: that needs the disk, the
 * write lock, rights and file descriptors, as an event does. Throws `store-failed`. Waits for a lock for `waitMs`,
 * which holds up the process.
 */
export function probeFile(path: string, waitMs: number): void {
  if (!existsSync(path)) {
    throw new OpsAgentError({
      code: "store-failed",
      message: "The store's file is gone.",
      remedy: "Put it back, or start OpsAgent again with a new one.",
    });
  }
  const { bavail, bsize } = statfsSync(dirname(path));
  if (bavail * bsize < LEAST_FREE_BYTES) {
    throw new OpsAgentError({
      code: "store-failed",
      message: `The disk that holds the store has ${Math.floor((bavail * bsize) / 2 ** 20)} MB left.`,
      remedy: `Free some space: at least ${LEAST_FREE_BYTES / 2 ** 20} MB.`,
    });
  }
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: waitMs });
    database.exec("BEGIN IMMEDIATE");
    const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
    database.exec(`PRAGMA user_version = ${version}; COMMIT`);
  } catch (error) {
    throw storeError("be written", error);
  } finally {
    database?.close();
  }
}
