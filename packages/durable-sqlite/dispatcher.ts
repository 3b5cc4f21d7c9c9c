/** Runs executions that are ready: new, a timer due, or a callback decided. */
import type { EngineClock } from "./clock.ts";
import type { Invocation } from "./invocation.ts";
import type { Database } from "./storage/database.ts";
import { nextDueAt, readyExecutions } from "./storage/execution-store.ts";

/** Pauses before an invocation is repeated after a fault that was not the workflow's. Milliseconds. */
const FAULT_BACKOFF_MS = [200, 1_000, 5_000, 15_000, 30_000];

/** Of more ready executions than that, the oldest are put in order; the others wait for their turn. */
const MOST_ORDERED = 2_000;

export type Dispatcher = {
  /** Runs whatever is ready. Returns when to call it again, in the engine clock's time. */
  dispatch(): { nextAt: number };
  readonly inFlight: ReadonlyMap<number, Invocation>;
};

export type DispatcherDependencies = {
  database: Database;
  clock: EngineClock;
  owner: string;
  maxConcurrent: number;
  canWait?: ((name: string) => boolean) | undefined;
  invoke: (execution: number) => Invocation;
  /** Called after each invocation, with the fault that ended it if there was one. */
  onEnd: (executionName: string, fault: Error | undefined) => void;
};

export function createDispatcher(dependencies: DispatcherDependencies): Dispatcher {
  const { database, clock, owner, maxConcurrent, canWait } = dependencies;
  /** Slots that those that can wait may take. */
  const waitingSlots = Math.max(1, Math.floor(maxConcurrent / 3));
  /** Those in flight that could wait when they began. */
  const waiting = new Set<number>();
  const inFlight = new Map<number, Invocation>();
  const faults = new Map<number, { count: number; retryAt: number }>();

  async function enter(id: number, name: string): Promise<void> {
    const invocation = dependencies.invoke(id);
    inFlight.set(id, invocation);
    const end = await invocation.end;
    inFlight.delete(id);
    waiting.delete(id);
    const fault = end.kind === "faulted" ? end.error : undefined;
    if (fault) postpone(id);
    else faults.delete(id);
    dependencies.onEnd(name, fault);
  }

  function postpone(id: number): void {
    const count = (faults.get(id)?.count ?? 0) + 1;
    const pause = FAULT_BACKOFF_MS[Math.min(count, FAULT_BACKOFF_MS.length) - 1] ?? 0;
    faults.set(id, { count, retryAt: performance.now() + pause });
  }

  return {
    inFlight,
    dispatch() {
      const now = clock.now();
      let nextAt = Number.POSITIVE_INFINITY;
      const enough = maxConcurrent + inFlight.size + faults.size;
      const ready = readyExecutions(database, owner, now, canWait ? MOST_ORDERED : enough);
      const later = new Set(canWait ? ready.filter(({ name }) => canWait(name)).map(({ id }) => id) : []);
      for (const { id, name } of [...ready].sort(
        (one, other) => Number(later.has(one.id)) - Number(later.has(other.id)),
      )) {
        if (inFlight.has(id)) continue;
        if (inFlight.size >= maxConcurrent) break;
        if (later.has(id) && waiting.size >= waitingSlots) break;
        const pause = (faults.get(id)?.retryAt ?? 0) - performance.now();
        if (pause > 0) {
          nextAt = Math.min(nextAt, now + pause);
          continue;
        }
        if (later.has(id)) waiting.add(id);
        void enter(id, name);
      }
      return { nextAt: Math.min(nextAt, nextDueAt(database, owner)) };
    },
  };
}
