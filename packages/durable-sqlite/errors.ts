/** The engine's own errors, and the two scopes that the SDK understands. */
import { DurableExecutionClientError, DurableExecutionClientErrorScope } from "@aws/durable-execution-sdk-js";

export type DurableEngineErrorCode =
  | "execution-not-found"
  | "engine-stopped"
  | "payload-too-large"
  | "schema-too-new";

/** A fault in the use or configuration of the engine. `code` is stable. */
export class DurableEngineError extends Error {
  readonly code: DurableEngineErrorCode;

  constructor(code: DurableEngineErrorCode, message: string) {
    super(message);
    this.name = "DurableEngineError";
    this.code = code;
  }
}

/** A request that can never succeed: the execution fails. */
export function refusal(message: string): DurableExecutionClientError {
  return new DurableExecutionClientError(message, { scope: DurableExecutionClientErrorScope.EXECUTION });
}

/** A temporary condition: this invocation ends, the execution continues in a later one. */
export function interruption(message: string, cause?: unknown): DurableExecutionClientError {
  return new DurableExecutionClientError(message, {
    scope: DurableExecutionClientErrorScope.INVOCATION,
    cause,
  });
}

/** Converts anything thrown to an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
