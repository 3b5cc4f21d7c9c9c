/** Timers of an execution: firing, cancelling, and keeping their length over clock jumps. */
import { TIMER_TOLERANCE_MS } from "./clock.ts";
import type { StoredOperation } from "./operation.ts";
import type { Database } from "./storage/database.ts";
import { dueOperations, saveOperation } from "./storage/operation-store.ts";

/** Moves every operation whose timer is due; returns the execution's new revision. */
export function settleTimers(database: Database, execution: number, revision: number, now: number): number {
  let latest = revision;
  for (const operation of dueOperations(database, execution, now + TIMER_TOLERANCE_MS)) {
    latest += 1;
    saveOperation(database, execution, settle(operation, now), latest);
  }
  return latest;
}

/** Returns an operation after its timer fires. */
export function settle(operation: StoredOperation, now: number): StoredOperation {
  const fired = { ...operation, timerSetAt: null, dueAt: null };
  switch (operation.type) {
    case "STEP":
      return { ...fired, status: "READY" };
    case "WAIT":
      return { ...fired, status: "SUCCEEDED", endedAt: now };
    case "CALLBACK": {
      const overdue = operation.deadlineAt !== null && operation.deadlineAt <= now + TIMER_TOLERANCE_MS;
      const message = overdue ? "Callback timed out" : "Callback timed out on heartbeat";
      return { ...fired, status: "TIMED_OUT", endedAt: now, error: { ErrorMessage: message } };
    }
    default:
      return fired;
  }
}

/** Cancels the timers below an ended context. */
export function cancelTimersBelow(database: Database, execution: number, context: string): void {
  database
    .statement(
      `WITH RECURSIVE below (id) AS (
         SELECT id FROM operations WHERE execution = :execution AND parent_id = :context
         UNION ALL
         SELECT o.id FROM operations o JOIN below b ON o.parent_id = b.id WHERE o.execution = :execution
       )
       UPDATE operations SET due_at = NULL
         WHERE execution = :execution AND due_at IS NOT NULL AND id IN (SELECT id FROM below)`,
    )
    .run({ execution, context });
}

/**
 * Called when a worker takes an execution over: if the clock was set back meanwhile, no timer waits longer than its
 * whole duration.
 */
export function reanchorTimers(database: Database, execution: number, now: number): void {
  database
    .statement(
      `UPDATE operations SET
         due_at = min(due_at, :now + (due_at - timer_set_at)),
         timer_set_at = min(timer_set_at, :now),
         deadline_at = min(deadline_at, :now + (deadline_at - started_at))
       WHERE execution = :execution AND due_at IS NOT NULL AND timer_set_at > :now`,
    )
    .run({ execution, now });
}
