/** Workers that share the database: their heartbeats, and whether one of them is gone. */
import { currentProcess, judgeProcess, type ProcessIdentity } from "./process-identity.ts";
import type { Database } from "./storage/database.ts";

/** A worker that provably lives but is silent (a suspended or blocked process) is given this many leases. */
const LEASES_WHILE_ALIVE = 40;

/** All of these but `isGone` must be called inside a write. */
export type Workers = {
  /** Tells the others that this worker lives. Whoever takes an execution does this in the same transaction. */
  beat(now: number): void;
  /** True if the worker's executions may be taken over. */
  isGone(owner: string): boolean;
  /** Signs this worker off. */
  leave(): void;
  /** Forgets workers that own nothing; one that comes back beats again. */
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

  /** How long the heartbeat has been the same in this worker's eyes. */
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
