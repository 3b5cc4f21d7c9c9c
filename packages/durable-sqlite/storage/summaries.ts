/** Stored rows as callers see them. */
import type { ErrorObject } from "@aws/durable-execution-sdk-js";
import type { StoredOperation } from "../operation.ts";
import type { ExecutionError, ExecutionSummary, FinalResult, OperationSummary } from "../types.ts";
import type { StoredExecution } from "./execution-store.ts";

/** The outcome of an ended execution, nothing for a running one. */
export function finalResult<O>(execution: StoredExecution): FinalResult<O> | undefined {
  switch (execution.status) {
    case "SUCCEEDED":
      return {
        status: "SUCCEEDED",
        output: (execution.output === null ? undefined : JSON.parse(execution.output)) as O,
      };
    case "FAILED":
      return { status: "FAILED", error: toExecutionError(JSON.parse(execution.error ?? "{}")) };
    default:
      return undefined;
  }
}

export function summarizeExecution(execution: StoredExecution): ExecutionSummary {
  return {
    name: execution.name,
    executionArn: execution.arn,
    status: execution.status,
    codeVersion: execution.codeVersion,
    invocations: execution.invocations,
    createdAt: execution.createdAt,
    updatedAt: execution.updatedAt,
    ...(execution.finishedAt === null ? {} : { finishedAt: execution.finishedAt }),
    ...(execution.owner === null ? {} : { owner: execution.owner }),
  };
}

export function summarizeOperation(operation: StoredOperation): OperationSummary {
  return {
    id: operation.id,
    type: operation.type,
    status: operation.status,
    attempt: operation.attempt,
    startedAt: operation.startedAt,
    ...(operation.parentId === null ? {} : { parentId: operation.parentId }),
    ...(operation.name === null ? {} : { name: operation.name }),
    ...(operation.subType === null ? {} : { subType: operation.subType }),
    ...(operation.endedAt === null ? {} : { endedAt: operation.endedAt }),
    ...(operation.error === null ? {} : { error: toExecutionError(operation.error) }),
    ...(operation.callbackId !== null && operation.status === "STARTED"
      ? { callbackId: operation.callbackId }
      : {}),
  };
}

function toExecutionError(error: ErrorObject): ExecutionError {
  return {
    ...(error.ErrorType === undefined ? {} : { type: error.ErrorType }),
    ...(error.ErrorMessage === undefined ? {} : { message: error.ErrorMessage }),
  };
}
