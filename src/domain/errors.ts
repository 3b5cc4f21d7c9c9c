/** The one family of errors: a stable code, a message, a remedy, and whether a retry can help. */

/** Stable identifiers of what went wrong; documented in docs/errors.md. */
export type ErrorCode =
  | "event-unreadable"
  | "target-missing"
  | "target-mismatch"
  | "config-invalid"
  | "policy-invalid"
  | "service-not-found"
  | "aws-denied"
  | "aws-throttled"
  | "aws-unreachable"
  | "aws-failed"
  | "aws-unsupported"
  | "model-not-configured"
  | "model-unreachable"
  | "model-timeout"
  | "model-rate-limited"
  | "model-out-of-credit"
  | "model-refused"
  | "model-invalid-answer"
  | "model-budget"
  | "slack-failed"
  | "webhook-failed"
  | "pagerduty-failed"
  | "sns-failed"
  | "store-failed"
  | "audit-key-failed"
  | "superseded"
  | "internal";

/** An expected kind of failure. `message` says what happened, `remedy` what the reader can do about it. */
export class OpsAgentError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;
  readonly retryable: boolean;

  constructor(options: {
    code: ErrorCode;
    message: string;
    remedy: string;
    retryable?: boolean;
    cause?: unknown;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "OpsAgentError";
    this.code = options.code;
    this.remedy = options.remedy;
    this.retryable = options.retryable ?? false;
  }
}

/** Converts any thrown value to an {@link OpsAgentError}; an unknown fault stays unknown (`internal`). */
export function asOpsAgentError(thrown: unknown): OpsAgentError {
  if (thrown instanceof OpsAgentError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OpsAgentError({
    code: "internal",
    message: message || "an error without a message",
    remedy: "This is a fault in OpsAgent: handle the incident by hand and report it with the incident id.",
    cause: thrown,
  });
}
