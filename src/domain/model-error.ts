import type { ModelUsage } from "./diagnosis.ts";
import { type ErrorCode, OpsAgentError } from "./errors.ts";

export type ModelErrorCode = Extract<ErrorCode, `model-${string}`>;

/** A model call, or a diagnosis by model, that failed, with what it had used up by then. */
export class ModelError extends OpsAgentError {
  /** Undefined when no request was sent. */
  readonly usage: ModelUsage | undefined;

  constructor(options: {
    code: ModelErrorCode;
    message: string;
    remedy: string;
    retryable?: boolean;
    usage?: ModelUsage | undefined;
  }) {
    super(options);
    this.name = "ModelError";
    this.usage = options.usage;
  }
}

/** The same error with another account of what was used. */
export function withUsage(error: OpsAgentError, usage: ModelUsage | undefined): OpsAgentError {
  if (!(error instanceof ModelError)) return error;
  const { code, message, remedy, retryable } = error;
  return new ModelError({ code: code as ModelErrorCode, message, remedy, retryable, usage });
}
