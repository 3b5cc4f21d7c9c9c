import { chmodSync, closeSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { OpsAgentError } from "../../domain/errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import { storeError } from "./store-error.ts";

const Version = z.object({ user_version: z.number().int() });

/**
 * Opens the store file, creates it if need be, readable for its owner only, and brings it to this version. What is there
 * and is no store is left as it is: its rights too.
 */
export function openDatabase(path: string, busyTimeoutMs: number): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ":memory:") {
      recognise(path, busyTimeoutMs);
      createFile(path);
    }
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

/** Throws `store-failed` for what is there and is no store: a link, a folder, a device, another program's file. */
function recognise(path: string, busyTimeoutMs: number): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isSymbolicLink()) throw noStore(path, "is a link", "Give the path of the file itself");
  if (!found.isFile()) throw noStore(path, "is not a file");
  if (found.size === 0) return;
  const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
  try {
    const ours = database
      .prepare(
        "SELECT count(*) AS tables FROM sqlite_schema WHERE type = 'table' AND name IN ('incidents', 'claims')",
      )
      .get();
    // A store that is being created has no table yet, and none of another program.
    const any = database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get();
    if (ours?.["tables"] !== 2 && any?.["tables"] !== 0) throw noStore(path, "is another program's database");
  } finally {
    database.close();
  }
}

function noStore(path: string, what: string, remedy = "Choose another path"): OpsAgentError {
  return new OpsAgentError({
    code: "store-failed",
    message: `${path} ${what}, and no store of OpsAgent. It was left as it is.`,
    remedy: `${remedy} in OPSAGENT_STORE.`,
  });
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
