/** External decisions: each callback is decided once, by the first writer. */
import type { ErrorObject } from "@aws/durable-execution-sdk-js";
import type { EngineClock } from "./clock.ts";
import { DurableEngineError } from "./errors.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";
import type { StoredOperation } from "./operation.ts";
import type { Database } from "./storage/database.ts";
import { findExecution, type StoredExecution } from "./storage/execution-store.ts";
import { findOperation, saveOperation } from "./storage/operation-store.ts";
import { settle } from "./timers.ts";
import { callbackDueAt } from "./transition.ts";
import type { CallbackOutcome } from "./types.ts";

export type Callbacks = {
  complete(callbackId: string, result: string): Promise<CallbackOutcome>;
  fail(callbackId: string, error: { type?: string; message: string }): Promise<CallbackOutcome>;
  heartbeat(callbackId: string): Promise<CallbackOutcome>;
};

type OpenCallback = { execution: StoredExecution; callback: StoredOperation };

export function createCallbacks(database: Database, clock: EngineClock): Callbacks {
  /** Returns the callback if it is open. One past its deadline is closed here: expiry means no. */
  function findOpen(callbackId: string, now: number): OpenCallback | Exclude<CallbackOutcome, "completed"> {
    const key = database
      .statement("SELECT execution, id FROM operations WHERE callback_id = ?")
      .get(callbackId) as { execution: number; id: string } | undefined;
    if (!key) return "unknown";
    const execution = findExecution(database, "id", key.execution);
    const callback = execution && findOperation(database, execution.id, key.id);
    if (execution?.status !== "RUNNING" || callback?.status !== "STARTED") return "already-decided";
    if (callback.dueAt === null || callback.dueAt > now) return { execution, callback };
    decide({ execution, callback }, settle(callback, now));
    return "already-decided";
  }

  /** Stores the decision as a new revision, which resumes the execution. */
  function decide({ execution }: OpenCallback, decided: StoredOperation): void {
    const revision = execution.revision + 1;
    saveOperation(database, execution.id, decided, revision);
    database.statement("UPDATE executions SET revision = ? WHERE id = ?").run(revision, execution.id);
  }

  function whenOpen(
    callbackId: string,
    work: (open: OpenCallback, now: number) => void,
  ): Promise<CallbackOutcome> {
    return database.write(() => {
      const now = clock.now();
      const open = findOpen(callbackId, now);
      if (typeof open === "string") return open;
      work(open, now);
      return "completed";
    });
  }

  return {
    async complete(callbackId, result) {
      checkSize(result);
      return whenOpen(callbackId, (open, now) =>
        decide(open, { ...close(open.callback, now), status: "SUCCEEDED", result }),
      );
    },

    async fail(callbackId, { type, message }) {
      checkSize(message);
      const error: ErrorObject = { ErrorType: type, ErrorMessage: message };
      return whenOpen(callbackId, (open, now) =>
        decide(open, { ...close(open.callback, now), status: "FAILED", error }),
      );
    },

    async heartbeat(callbackId) {
      return whenOpen(callbackId, ({ execution, callback }, now) => {
        const dueAt = callbackDueAt(callback.deadlineAt, callback.beatMs, now);
        // Same revision: there is no reason to resume the workflow.
        saveOperation(database, execution.id, { ...callback, timerSetAt: now, dueAt }, callback.revision);
      });
    },
  };
}

function close(callback: StoredOperation, now: number): StoredOperation {
  return { ...callback, endedAt: now, timerSetAt: null, dueAt: null };
}

function checkSize(payload: string): void {
  const bytes = Buffer.byteLength(payload);
  if (bytes > MAX_PAYLOAD_BYTES) {
    throw new DurableEngineError(
      "payload-too-large",
      `A callback result of ${bytes} bytes, the limit is ${MAX_PAYLOAD_BYTES}: store it elsewhere and pass a reference.`,
    );
  }
}
