/** Transitions of a STEP operation (a step, or one poll loop of waitForCondition). */
import type { OperationUpdate } from "@aws/durable-execution-sdk-js";
import { refusal } from "./errors.ts";
import { beginOperation, type StoredOperation } from "./operation.ts";

/**
 * Applies an update to a step. The rules are those of the SDK's test server, except that START keeps the
 * result of the attempt before: it is the state of a waitForCondition, and must outlive a crash in its check.
 */
export function applyStepUpdate(
  current: StoredOperation | undefined,
  update: OperationUpdate,
  now: number,
): StoredOperation {
  if (update.Action === "START") {
    if (!current) return beginOperation(update, "STEP", now);
    if (current.status !== "READY") throw refusal("Invalid current STEP state to start.");
    return { ...current, status: "STARTED" };
  }
  if (current && current.status !== "STARTED" && current.status !== "READY") {
    throw refusal(`Invalid current STEP state to ${update.Action === "RETRY" ? "re-attempt" : "close"}.`);
  }
  const step = current ?? beginOperation(update, "STEP", now);
  const outcome = { attempt: step.attempt + 1, result: update.Payload ?? null, error: update.Error ?? null };
  switch (update.Action) {
    case "SUCCEED":
      return { ...step, ...outcome, status: "SUCCEEDED", endedAt: now };
    case "FAIL":
      return { ...step, ...outcome, status: "FAILED", endedAt: now };
    case "RETRY": {
      if (!update.StepOptions) throw refusal("Invalid StepOptions for the given action.");
      const delayMs = (update.StepOptions.NextAttemptDelaySeconds ?? 0) * 1000;
      return { ...step, ...outcome, status: "PENDING", timerSetAt: now, dueAt: now + delayMs };
    }
    default:
      throw refusal("Invalid action for the given operation type.");
  }
}
