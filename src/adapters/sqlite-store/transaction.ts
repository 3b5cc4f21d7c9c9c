import type { DatabaseSync } from "node:sqlite";

/**
 * Runs synchronous work as one transaction that is the only writer from its first read on: all of it is stored, or
 * nothing. Waits for other writers as long as the connection's busy timeout says.
 */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const value = work();
    database.exec("COMMIT");
    return value;
  } catch (error) {
    // A full disk may have ended it already.
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}
