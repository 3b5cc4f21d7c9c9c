/** One SQLite connection: cached statements, immediate transactions, retries while another writer holds the lock. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const RETRY_PAUSE_MS = 20;

export type Database = {
  /** A prepared statement, prepared once per text. */
  statement(sql: string): StatementSync;
  /** Runs the work in one `BEGIN IMMEDIATE` transaction: all of it is stored, or none. */
  write<T>(work: () => T): Promise<T>;
  /** A number that changes when another connection has committed. */
  foreignChanges(): number;
  close(): void;
};

/** True if another connection holds the lock: worth trying again. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
  return code === SQLITE_BUSY || code === SQLITE_LOCKED;
}

/**
 * Wraps a connection. The connection's own busy timeout should be short: it blocks the event loop, while
 * `write` waits between its attempts, up to `busyTimeoutMs` in all.
 */
export function createDatabase(connection: DatabaseSync, busyTimeoutMs: number): Database {
  const statements = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known) return known;
    const prepared = connection.prepare(sql);
    statements.set(sql, prepared);
    return prepared;
  }

  function transaction<T>(work: () => T): T {
    connection.exec("BEGIN IMMEDIATE");
    try {
      const value = work();
      connection.exec("COMMIT");
      return value;
    } catch (error) {
      // A full disk or an I/O error may have rolled back already.
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  }

  async function write<T>(work: () => T): Promise<T> {
    const deadline = performance.now() + busyTimeoutMs;
    for (;;) {
      try {
        return transaction(work);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw error;
      }
      await sleep(RETRY_PAUSE_MS * (1 + Math.random()));
    }
  }

  return {
    statement,
    write,
    foreignChanges() {
      const { data_version: version } = statement("PRAGMA data_version").get() ?? {};
      return Number(version);
    },
    close: () => connection.close(),
  };
}
