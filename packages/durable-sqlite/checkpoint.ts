/** Stores one checkpoint in one transaction. */
import type { OperationUpdate, WireOperation } from "@aws/durable-execution-sdk-js";
import type { EngineClock } from "./clock.ts";
import { interruption, refusal } from "./errors.ts";
import { toWire } from "./operation.ts";
import type { Database } from "./storage/database.ts";
import {
  endExecution,
  findExecution,
  type StoredExecution,
  saveProgress,
} from "./storage/execution-store.ts";
import { findOperation, operationsChangedSince, saveOperation } from "./storage/operation-store.ts";
import { cancelTimersBelow, settleTimers } from "./timers.ts";
import { applyUpdate } from "./transition.ts";

export type StoredCheckpoint = { token: string; changed: WireOperation[] };

/**
 * Returns the execution of a token. Throws an INVOCATION-scoped error if another worker has taken over since, or the
 * execution has ended: the older invocation stops, and nothing of it is stored.
 */
export function authorize(
  database: Database,
  arn: string | undefined,
  token: string | undefined,
): StoredExecution {
  const execution = findExecution(database, "arn", arn ?? "");
  if (!execution) throw refusal(`No execution ${arn}.`);
  if (execution.status !== "RUNNING" || String(execution.token) !== token) {
    throw interruption("Invalid Checkpoint Token: another invocation has taken over this execution.");
  }
  return execution;
}

/** Applies the updates in order, and returns every operation changed since the workflow last read them. */
export function storeCheckpoint(
  database: Database,
  clock: EngineClock,
  arn: string | undefined,
  token: string | undefined,
  updates: readonly OperationUpdate[],
): StoredCheckpoint {
  const execution = authorize(database, arn, token);
  const now = clock.now();
  let revision = settleTimers(database, execution.id, execution.revision, now);
  for (const update of updates) {
    if (update.Type === "EXECUTION") {
      endByUpdate(database, execution, update, now);
      return { token: String(execution.token + 1), changed: [] };
    }
    revision += 1;
    storeUpdate(database, execution.id, update, revision, now);
  }
  const next = { ...execution, token: execution.token + 1, revision, observed: revision };
  saveProgress(database, next, now);
  const changed = operationsChangedSince(database, execution.id, execution.observed);
  return { token: String(next.token), changed: changed.map((operation) => toWire(operation, clock.toDate)) };
}

function storeUpdate(
  database: Database,
  execution: number,
  update: OperationUpdate,
  revision: number,
  now: number,
): void {
  if (!update.Id) throw refusal("Operation update must have an Id.");
  if (update.ParentId && findOperation(database, execution, update.ParentId)?.type !== "CONTEXT") {
    throw refusal("Invalid parent operation id.");
  }
  const current = findOperation(database, execution, update.Id);
  saveOperation(database, execution, applyUpdate(current, update, now), revision);
  if (update.Type === "CONTEXT" && update.Action !== "START") {
    cancelTimersBelow(database, execution, update.Id);
  }
}

/** A result too large for a response arrives as a checkpoint of the execution itself. */
function endByUpdate(
  database: Database,
  execution: StoredExecution,
  update: OperationUpdate,
  now: number,
): void {
  if (update.Action === "SUCCEED") {
    endExecution(database, execution.id, { status: "SUCCEEDED", output: update.Payload ?? null }, now);
  } else if (update.Action === "FAIL") {
    endExecution(database, execution.id, { status: "FAILED", error: update.Error ?? {} }, now);
  } else {
    throw refusal("Invalid EXECUTION action.");
  }
}
