/** The workers on the database: their heartbeats, and whether one is gone. */
import { currentProcess, judgeProcess, type ProcessIdentity } from "./process-identity.ts";
import type { Database } from "./storage/database.ts";

/** Leases of a worker that is alive but silent (a suspended or blocked process). */
const LEASES_WHILE_ALIVE = 40;

/** All of these but `isGone` must be called inside a write. */
export type Workers = {
  /** Stores this worker's heartbeat. A claim does so in the same transaction. */
  beat(now: number): void;
  /** True if the worker's executions may be taken over. */
  isGone(owner: string): boolean;
  /** Removes this worker. */
  leave(): void;
  /** Deletes workers that own nothing; one that returns stores its heartbeat again. */
  sweep(): void;
};

/**
 * A worker is gone when its process is provably dead, or when its heartbeat has stood still for a lease
 * *while this worker watched*, by monotonic time: no clock jump and no sleeping laptop can expire a lease.
 */
export function createWorkers(
  database: Database,
  self: string,
  leaseMs: number,
  elapsed: () => number = () => performance.now(),
): Workers {
  const identity = currentProcess();
  const lastSeen = new Map<string, { beat: number; since: number }>();

  /** Returns how long this worker has seen the heartbeat unchanged. */
  function silence(owner: string, beat: number): number {
    const seen = lastSeen.get(owner);
    if (seen?.beat === beat) return elapsed() - seen.since;
    lastSeen.set(owner, { beat, since: elapsed() });
    return 0;
  }

  return {
    beat(now) {
      database
        .statement(
          `INSERT INTO workers (owner, process, beat, beat_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (owner) DO UPDATE SET beat = beat + 1, beat_at = excluded.beat_at`,
        )
        .run(self, JSON.stringify(identity), now, now);
    },

    isGone(owner) {
      const row = database.statement("SELECT process, beat FROM workers WHERE owner = ?").get(owner);
      if (!row) return true;
      const worker = row as { process: string; beat: number };
      const liveness = judgeProcess(JSON.parse(worker.process) as ProcessIdentity, identity);
      if (liveness === "dead") return true;
      return silence(owner, worker.beat) > leaseMs * (liveness === "alive" ? LEASES_WHILE_ALIVE : 1);
    },

    leave() {
      database.statement("DELETE FROM workers WHERE owner = ?").run(self);
    },

    sweep() {
      database
        .statement(
          `DELETE FROM workers WHERE owner NOT IN
           (SELECT owner FROM executions WHERE status = 'RUNNING' AND owner IS NOT NULL)`,
        )
        .run();
    },
  };
}
