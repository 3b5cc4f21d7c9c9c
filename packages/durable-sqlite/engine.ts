/** Composes the embedded engine. */
import { createCallbacks } from "./callbacks.ts";
import { DurableEngineError } from "./errors.ts";
import { readIdentity } from "./identity.ts";
import {
  findExecution,
  listExecutions,
  purgeExecutions,
  type StoredExecution,
} from "./storage/execution-store.ts";
import { allOperations } from "./storage/operation-store.ts";
import { finalResult, summarizeExecution, summarizeOperation } from "./storage/summaries.ts";
import type { DurableEngine, DurableEngineOptions, FinalResult } from "./types.ts";
import { createWorker } from "./worker.ts";

const DEFAULT_LIST_LIMIT = 1000;
const DEFAULT_STOP_TIMEOUT_MS = 30_000;

/**
 * Runs a durable workflow in this process over a SQLite file that several processes may share.
 *
 * Every checkpoint is stored before the workflow goes on. A step body runs at least once, or at most once if
 * the step says so; one killed inside an at-most-once step surfaces as `StepInterruptedError` on replay.
 */
export function createDurableEngine<I, O>(options: DurableEngineOptions<I, O>): DurableEngine<I, O> {
  const worker = createWorker(options);
  const { database, clock, waiters } = worker;
  const callbacks = createCallbacks(database, clock);
  let stopping: Promise<void> | undefined;

  function refuseIfStopped(): void {
    if (stopping) throw new DurableEngineError("engine-stopped", "The durable engine has been stopped.");
  }

  function find(name: string): StoredExecution {
    refuseIfStopped();
    const execution = findExecution(database, "name", name);
    if (!execution) throw new DurableEngineError("execution-not-found", `No execution is named ${name}.`);
    return execution;
  }

  /** Dispatches at once, since the write may have made an execution of this worker ready. */
  async function thenWake<T>(outcome: Promise<T>): Promise<T> {
    const value = await outcome;
    worker.wake();
    return value;
  }

  return {
    identity: readIdentity(database),

    async start(name, input) {
      refuseIfStopped();
      return thenWake(worker.start(name, input));
    },

    async result(name) {
      return finalResult<O>(find(name)) ?? { status: "RUNNING" };
    },

    async waitFor(name, { signal } = {}): Promise<FinalResult<O>> {
      for (;;) {
        // No await between reading and waiting, or an end in between would be missed.
        const final = finalResult<O>(find(name));
        if (final) return final;
        const ended = waiters.wait(name, signal);
        worker.wake();
        await ended;
      }
    },

    async resume() {
      refuseIfStopped();
      return thenWake(worker.adoptEverything());
    },

    async completeCallback(callbackId, result) {
      refuseIfStopped();
      return thenWake(callbacks.complete(callbackId, result));
    },

    async failCallback(callbackId, error) {
      refuseIfStopped();
      return thenWake(callbacks.fail(callbackId, error));
    },

    async heartbeatCallback(callbackId) {
      refuseIfStopped();
      return callbacks.heartbeat(callbackId);
    },

    async list({ status, limit = DEFAULT_LIST_LIMIT } = {}) {
      refuseIfStopped();
      return listExecutions(database, status, limit).map(summarizeExecution);
    },

    async operations(name) {
      return allOperations(database, find(name).id).map(summarizeOperation);
    },

    async purge(olderThan) {
      refuseIfStopped();
      return database.write(() => purgeExecutions(database, olderThan));
    },

    stop({ timeoutMs = DEFAULT_STOP_TIMEOUT_MS } = {}) {
      stopping ??= worker.stop(timeoutMs);
      return stopping;
    },
  };
}
