/** Runs executions: claims them, invokes them, keeps its lease, and stops. */
import { randomUUID } from "node:crypto";
import { createAdoption } from "./adoption.ts";
import { createClaims } from "./claims.ts";
import { createEngineClock, type EngineClock } from "./clock.ts";
import { createDispatcher } from "./dispatcher.ts";
import { DurableEngineError, toError } from "./errors.ts";
import { invoke } from "./invocation.ts";
import { createLoop } from "./loop.ts";
import type { Database } from "./storage/database.ts";
import { findExecution, holdsAny, insertExecution } from "./storage/execution-store.ts";
import { openDatabase } from "./storage/open-database.ts";
import { hashPayload, serializePayload } from "./storage/payload.ts";
import type { DurableEngineOptions, MismatchVerdict, StartResult, VersionMismatch } from "./types.ts";
import { createWaiters, type Waiters } from "./waiters.ts";
import { createWorkers } from "./workers.ts";

const BEATS_PER_LEASE = 5;
const STOPPED = "The durable engine has been stopped.";

export type Worker<I> = {
  database: Database;
  clock: EngineClock;
  waiters: Waiters;
  start(name: string, input: I): Promise<StartResult>;
  adoptEverything(): Promise<number>;
  /** Dispatches now. */
  wake(): void;
  stop(timeoutMs: number): Promise<void>;
};

/** Opens the database and joins as one worker. Does nothing before `wake`. */
export function createWorker<I, O>(options: DurableEngineOptions<I, O>): Worker<I> {
  const { workflow, codeVersion, leaseMs = 15_000, pollMs = 50 } = options;
  const owner = [options.owner ?? "worker", randomUUID()].join(":");
  const onError = options.onError ?? ((error) => process.emitWarning(error));
  const clock = createEngineClock(options.clock);
  const database = openDatabase(options.database, options.busyTimeoutMs ?? 10_000);
  const workers = createWorkers(database, owner, leaseMs);
  const claims = createClaims(database, workers, owner);
  const adoption = createAdoption(database, clock, claims, codeVersion, judgeMismatch);
  const waiters = createWaiters();
  const dispatcher = createDispatcher({
    database,
    clock,
    owner,
    maxConcurrent: options.maxConcurrentInvocations ?? 100,
    canWait: options.canWait,
    invoke: (execution) => invoke({ database, clock, owner, workflow }, execution),
    onEnd(name, fault) {
      if (fault) onError(fault, name);
      waiters.notify(name);
      wake();
    },
  });
  const loop = createLoop(look, (error) => onError(error, undefined));
  let stopping = false;
  let holding = false;
  let woken = true;
  let nextDispatchAt = 0;
  let nextHousekeepingAt = 0;
  let seenForeignChanges = -1;

  function judgeMismatch(mismatch: VersionMismatch): MismatchVerdict | Promise<MismatchVerdict> {
    if (options.onVersionMismatch) return options.onVersionMismatch(mismatch);
    const { name, storedVersion, runningVersion } = mismatch;
    const message = `Left alone: begun by version ${storedVersion}, this is version ${runningVersion}.`;
    onError(new Error(message), name);
    return "keep-waiting";
  }

  function look(): { nextLookMs: number; keepAlive: boolean } {
    if (stopping) return { nextLookMs: pollMs, keepAlive: false };
    if (performance.now() >= nextHousekeepingAt) {
      nextHousekeepingAt = performance.now() + leaseMs / BEATS_PER_LEASE;
      keepHouse().catch((error) => {
        if (!stopping) onError(toError(error), undefined);
      });
    }
    const foreignChanges = database.foreignChanges();
    if (foreignChanges !== seenForeignChanges) {
      seenForeignChanges = foreignChanges;
      woken = true;
      for (const name of waiters.names()) waiters.notify(name);
    }
    if (woken || clock.now() >= nextDispatchAt) {
      nextDispatchAt = dispatcher.dispatch().nextAt;
      woken = false;
      holding = holdsAny(database, owner);
    }
    return {
      nextLookMs: Math.max(0, Math.min(nextDispatchAt - clock.now(), pollMs)),
      keepAlive: holding || waiters.names().length > 0,
    };
  }

  function wake(): void {
    woken = true;
    loop.wake();
  }

  async function keepHouse(): Promise<void> {
    if (holding) await database.write(() => workers.beat(clock.now()));
    if ((await adoption.adopt()) > 0) wake();
  }

  return {
    database,
    clock,
    waiters,
    wake,

    async start(name, input) {
      const payload = serializePayload(input);
      const payloadHash = hashPayload(payload);
      const { execution, created } = await database.write(() => {
        const existing = findExecution(database, "name", name);
        if (existing) return { execution: existing, created: false };
        if (stopping) throw new DurableEngineError("engine-stopped", STOPPED);
        const now = clock.now();
        workers.beat(now);
        const fresh = { name, payloadHash, codeVersion, input: payload, owner };
        return { execution: insertExecution(database, fresh, now), created: true };
      });
      if (execution.status === "RUNNING" && execution.owner !== owner) {
        adoption.watch(execution.id);
        await adoption.adopt();
      }
      return { executionArn: execution.arn, created, samePayload: execution.payloadHash === payloadHash };
    },

    async adoptEverything() {
      adoption.everything();
      await database.write(() => workers.sweep());
      return adoption.adopt();
    },

    async stop(timeoutMs) {
      stopping = true;
      const invocations = [...dispatcher.inFlight.values()];
      for (const invocation of invocations) invocation.drain();
      await settledWithin(
        invocations.map((invocation) => invocation.end),
        timeoutMs,
      );
      loop.stop();
      waiters.rejectAll(new DurableEngineError("engine-stopped", STOPPED));
      try {
        await database.write(() => {
          claims.release(new Set(dispatcher.inFlight.keys()));
          if (dispatcher.inFlight.size === 0) workers.leave();
        });
      } finally {
        database.close();
      }
    },
  };
}

async function settledWithin(ends: readonly Promise<unknown>[], timeoutMs: number): Promise<void> {
  const timeout = Promise.withResolvers<void>();
  const timer = setTimeout(timeout.resolve, timeoutMs);
  await Promise.race([Promise.all(ends), timeout.promise]);
  clearTimeout(timer);
}
