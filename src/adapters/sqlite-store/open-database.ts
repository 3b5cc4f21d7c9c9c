import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { OpsAgentError } from "../../domain/errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import { storeError } from "./store-error.ts";

const Version = z.object({ user_version: z.number().int() });

/** Opens the store file, creates it if need be, readable for its owner only, and brings it to this version. */
export function openDatabase(path: string, busyTimeoutMs: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ":memory:") createFile(path);
    database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    migrate(database, path);
    // WAL lets readers and one writer work side by side; FULL makes a claim survive a power cut.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
    return database;
  } catch (error) {
    database?.close();
    throw storeError(`open ${path}`, error);
  }
}

/** The file comes first: SQLite gives its WAL files the same mode, so none is ever readable for others. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

function migrate(database: DatabaseSync, path: string): void {
  refuseNewer(database, path);
  if (version(database) === MIGRATIONS.length) return;
  database.exec("BEGIN IMMEDIATE");
  try {
    // Read again under the write lock: another process may have migrated meanwhile.
    refuseNewer(database, path);
    for (const migration of MIGRATIONS.slice(version(database))) database.exec(migration);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    database.exec("COMMIT");
  } catch (error) {
    // A full disk may have ended it already, and is what has to be told.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function version(database: DatabaseSync): number {
  return Version.parse(database.prepare("PRAGMA user_version").get()).user_version;
}

function refuseNewer(database: DatabaseSync, path: string): void {
  const found = version(database);
  if (found <= MIGRATIONS.length) return;
  throw new OpsAgentError({
    code: "store-failed",
    message: `The store ${path} has version ${found}; this OpsAgent knows versions up to ${MIGRATIONS.length}.`,
    remedy: "Run the newer OpsAgent that wrote it, or choose another path in OPSAGENT_STORE.",
  });
}
