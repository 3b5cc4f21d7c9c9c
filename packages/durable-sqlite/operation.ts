/** An operation as it is stored, and as the SDK reads it. */
import type {
  ErrorObject,
  OperationStatus,
  OperationType,
  OperationUpdate,
  WireOperation,
} from "@aws/durable-execution-sdk-js";

/** Times are the engine clock's, in milliseconds. */
export type StoredOperation = {
  id: string;
  /** Order of beginning, and order of change, within the execution. */
  position: number;
  revision: number;
  parentId: string | null;
  name: string | null;
  type: OperationType;
  subType: string | null;
  status: OperationStatus;
  /** Attempts that have ended. */
  attempt: number;
  result: string | null;
  error: ErrorObject | null;
  replayChildren: boolean;
  callbackId: string | null;
  startedAt: number;
  endedAt: number | null;
  /** The next timer: end of the wait, next attempt, or the callback's nearer timeout. */
  timerSetAt: number | null;
  dueAt: number | null;
  /** A callback's final timeout, and how long it may stay without a heartbeat. */
  deadlineAt: number | null;
  beatMs: number | null;
};

/** A fresh operation, STARTED now. Position and revision are given by the store. */
export function beginOperation(update: OperationUpdate, type: OperationType, now: number): StoredOperation {
  return {
    id: update.Id ?? "",
    position: 0,
    revision: 0,
    parentId: update.ParentId ?? null,
    name: update.Name ?? null,
    type,
    subType: update.SubType ?? null,
    status: "STARTED",
    attempt: 0,
    result: null,
    error: null,
    replayChildren: false,
    callbackId: null,
    startedAt: now,
    endedAt: null,
    timerSetAt: null,
    dueAt: null,
    deadlineAt: null,
    beatMs: null,
  };
}

/** Converts the operation to the wire's form. `toDate` returns the date for the SDK's own timers. */
export function toWire(operation: StoredOperation, toDate: (time: number) => Date): WireOperation {
  return {
    Id: operation.id,
    ParentId: operation.parentId ?? undefined,
    Name: operation.name ?? undefined,
    Type: operation.type,
    SubType: operation.subType ?? undefined,
    Status: operation.status,
    StartTimestamp: new Date(operation.startedAt),
    ...(operation.endedAt === null ? {} : { EndTimestamp: new Date(operation.endedAt) }),
    ...details(operation, toDate),
  };
}

function details(operation: StoredOperation, toDate: (time: number) => Date): Partial<WireOperation> {
  const outcome = { Result: operation.result ?? undefined, Error: operation.error ?? undefined };
  const due = operation.dueAt === null ? undefined : toDate(operation.dueAt);
  switch (operation.type) {
    case "STEP":
      return { StepDetails: { ...outcome, Attempt: operation.attempt, NextAttemptTimestamp: due } };
    case "CONTEXT":
      return { ContextDetails: { ...outcome, ReplayChildren: operation.replayChildren } };
    case "CALLBACK":
      return { CallbackDetails: { ...outcome, CallbackId: operation.callbackId ?? undefined } };
    case "WAIT":
      return { WaitDetails: { ScheduledEndTimestamp: due } };
    default:
      return {};
  }
}
