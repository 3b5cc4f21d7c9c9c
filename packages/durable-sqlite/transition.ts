/** Transitions of operations: a pure function from the stored state and an update to the next state. */
import { randomBytes } from "node:crypto";
import type { OperationUpdate } from "@aws/durable-execution-sdk-js";
import { refusal } from "./errors.ts";
import { beginOperation, type StoredOperation } from "./operation.ts";
import { applyStepUpdate } from "./step-transition.ts";

/** 192 random bits: a callback id cannot be guessed. */
const CALLBACK_ID_BYTES = 24;

/**
 * Applies an update to an operation other than the execution itself. Throws an EXECUTION-scoped error for what the
 * service would refuse, and for what an embedded engine does not support.
 */
export function applyUpdate(
  current: StoredOperation | undefined,
  update: OperationUpdate,
  now: number,
): StoredOperation {
  if (current && current.type !== update.Type) {
    throw refusal(`Operation ${update.Id} is a ${current.type}, not a ${update.Type}.`);
  }
  if (update.Action === "SUCCEED" && update.Error) {
    throw refusal("Cannot provide an Error for SUCCEED action.");
  }
  if (update.Action === "FAIL" && update.Payload != null) {
    throw refusal("Cannot provide a Payload for FAIL action.");
  }
  switch (update.Type) {
    case "STEP":
      return applyStepUpdate(current, update, now);
    case "CONTEXT":
      return applyContextUpdate(current, update, now);
    case "WAIT":
      return applyTimedUpdate(current, update, now, beginWait);
    case "CALLBACK":
      return applyTimedUpdate(current, update, now, beginCallback);
    case "CHAINED_INVOKE":
      throw refusal("context.invoke is not available in the embedded engine: there is no function to call.");
    default:
      throw refusal(`Unknown operation type ${String(update.Type)}.`);
  }
}

function applyContextUpdate(
  current: StoredOperation | undefined,
  update: OperationUpdate,
  now: number,
): StoredOperation {
  const replayChildren = update.ContextOptions?.ReplayChildren ?? current?.replayChildren ?? false;
  if (update.Action === "START") {
    if (current) throw refusal("Cannot start a CONTEXT that already exists.");
    return { ...beginOperation(update, "CONTEXT", now), replayChildren };
  }
  if (update.Action !== "SUCCEED" && update.Action !== "FAIL") {
    throw refusal("Invalid action for the given operation type.");
  }
  if (current && current.status !== "STARTED") throw refusal("Invalid current CONTEXT state to close.");
  return {
    ...(current ?? beginOperation(update, "CONTEXT", now)),
    status: update.Action === "SUCCEED" ? "SUCCEEDED" : "FAILED",
    result: update.Payload ?? null,
    error: update.Error ?? null,
    replayChildren,
    endedAt: now,
  };
}

function applyTimedUpdate(
  current: StoredOperation | undefined,
  update: OperationUpdate,
  now: number,
  begin: (update: OperationUpdate, now: number) => StoredOperation,
): StoredOperation {
  switch (update.Action) {
    case "START":
      if (current) throw refusal(`Cannot start a ${update.Type} that already exists.`);
      return begin(update, now);
    case "CANCEL":
      if (current?.status !== "STARTED") {
        throw refusal(`Cannot cancel a ${update.Type} that does not exist or has already completed.`);
      }
      return { ...current, status: "CANCELLED", endedAt: now, timerSetAt: null, dueAt: null };
    default:
      throw refusal("Invalid action for the given operation type.");
  }
}

function beginWait(update: OperationUpdate, now: number): StoredOperation {
  const waitMs = (update.WaitOptions?.WaitSeconds ?? 0) * 1000;
  return { ...beginOperation(update, "WAIT", now), timerSetAt: now, dueAt: now + waitMs };
}

function beginCallback(update: OperationUpdate, now: number): StoredOperation {
  const { TimeoutSeconds: timeout, HeartbeatTimeoutSeconds: beat } = update.CallbackOptions ?? {};
  const deadlineAt = timeout ? now + timeout * 1000 : null;
  const beatMs = beat ? beat * 1000 : null;
  const dueAt = callbackDueAt(deadlineAt, beatMs, now);
  return {
    ...beginOperation(update, "CALLBACK", now),
    callbackId: randomBytes(CALLBACK_ID_BYTES).toString("base64url"),
    deadlineAt,
    beatMs,
    dueAt,
    timerSetAt: dueAt === null ? null : now,
  };
}

/** Returns the nearer of a callback's final timeout and its next missed heartbeat. */
export function callbackDueAt(deadlineAt: number | null, beatMs: number | null, now: number): number | null {
  if (beatMs === null) return deadlineAt;
  return Math.min(deadlineAt ?? Number.POSITIVE_INFINITY, now + beatMs);
}
