/** Who runs which execution. Everything but `candidates` must be called inside a write. */
import type { Database } from "./storage/database.ts";
import { findExecution, type StoredExecution } from "./storage/execution-store.ts";
import { reanchorTimers } from "./timers.ts";
import type { Workers } from "./workers.ts";

export type Candidate = Pick<StoredExecution, "id" | "name" | "codeVersion">;

export type Claims = {
  /** Unfinished executions that have no owner, or one that is gone. */
  candidates(): Candidate[];
  /** True if the execution is unfinished, not ours, and without a living owner. */
  isFree(id: number): boolean;
  /** Takes an execution, if it is free. */
  claim(id: number, now: number): boolean;
  /** Releases the executions that this worker owns, except those in flight. */
  release(inFlight: ReadonlySet<number>): void;
};

export function createClaims(database: Database, workers: Workers, self: string): Claims {
  function isFree(id: number): boolean {
    const execution = findExecution(database, "id", id);
    if (execution?.status !== "RUNNING" || execution.owner === self) return false;
    return execution.owner === null || workers.isGone(execution.owner);
  }

  return {
    isFree,

    candidates() {
      const owners = database
        .statement("SELECT DISTINCT owner FROM executions WHERE status = 'RUNNING' AND owner IS NOT ?")
        .all(self);
      const free = owners.filter(({ owner }) => owner === null || workers.isGone(String(owner)));
      const executions = database.statement(
        `SELECT id, name, code_version AS codeVersion FROM executions
         WHERE status = 'RUNNING' AND owner IS ? ORDER BY id`,
      );
      return free.flatMap(({ owner }) => executions.all(owner ?? null) as Candidate[]);
    },

    claim(id, now) {
      if (!isFree(id)) return false;
      workers.beat(now);
      database.statement("UPDATE executions SET owner = ?, token = token + 1 WHERE id = ?").run(self, id);
      reanchorTimers(database, id, now);
      return true;
    },

    release(inFlight) {
      const owned = database
        .statement("SELECT id FROM executions WHERE status = 'RUNNING' AND owner = ?")
        .all(self);
      const give = database.statement("UPDATE executions SET owner = NULL, token = token + 1 WHERE id = ?");
      for (const { id } of owned) if (!inFlight.has(Number(id))) give.run(Number(id));
    },
  };
}
