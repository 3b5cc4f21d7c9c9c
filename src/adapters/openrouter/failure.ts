import type { ModelErrorCode } from "../../domain/model-error.ts";

/** Why a try failed. `detail` is the server's own text, not yet scrubbed. */
export interface Failure {
  readonly code: ModelErrorCode;
  readonly what: string;
  readonly remedy: string;
  readonly retryable: boolean;
  readonly status?: number;
  readonly detail?: string;
  readonly retryAfterMs?: number;
}

type Kind = Pick<Failure, "code" | "what" | "remedy" | "retryable">;

const WAIT =
  "Handle this incident with the rules' verdict; if it lasts, look at the server's status page or set another LLM_MODEL.";
const SLOWER = "Raise the model timeout or set a faster LLM_MODEL.";

const SERVER_FAULT: Kind = {
  code: "model-unreachable",
  what: "failed",
  remedy: WAIT,
  retryable: true,
};
const TIMEOUT: Kind = { code: "model-timeout", what: "took too long", remedy: SLOWER, retryable: true };
const REFUSED: Kind = {
  code: "model-refused",
  what: "refused the request",
  remedy:
    "Check that LLM_MODEL takes a JSON schema (structured outputs) and that its context is large enough.",
  retryable: false,
};

/** Status codes with a meaning of their own: https://openrouter.ai/docs/api/reference/errors-and-debugging */
const BY_STATUS: Readonly<Record<number, Kind>> = {
  401: {
    code: "model-refused",
    what: "did not accept the API key",
    remedy: "Set a valid OPENROUTER_API_KEY for this OPENROUTER_BASE_URL.",
    retryable: false,
  },
  402: {
    code: "model-out-of-credit",
    what: "says that the credit is used up",
    remedy: "Add credit to the account or raise the key's limit (https://openrouter.ai/credits).",
    retryable: false,
  },
  403: {
    ...REFUSED,
    what: "refused the request as not permitted",
    remedy: "Check the key's rights and the account's moderation settings.",
  },
  404: {
    ...REFUSED,
    what: "has no such model, or no provider of it that meets the request",
    remedy:
      "Check LLM_MODEL (OpenRouter names carry a vendor prefix): it must offer structured outputs from a provider that does not collect data.",
  },
  408: TIMEOUT,
  409: SERVER_FAULT,
  429: { code: "model-rate-limited", what: "is limiting the rate", remedy: WAIT, retryable: true },
  504: TIMEOUT,
  524: TIMEOUT,
  529: { ...SERVER_FAULT, what: "is overloaded" },
};

/** Returns the failure of an HTTP status, or of the same code inside a 200 body. */
export function failureOfStatus(
  status: number,
  detail: string | undefined,
  retryAfterMs: number | undefined,
): Failure {
  const kind = BY_STATUS[status] ?? (status >= 500 ? SERVER_FAULT : REFUSED);
  return {
    ...kind,
    status,
    // A server that refuses a key may quote it.
    ...(detail === undefined || status === 401 ? {} : { detail }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

export const timedOut: Failure = TIMEOUT;

/** The connection failed; `reason` is a system error code. */
export function unreachable(reason: string | undefined): Failure {
  return {
    code: "model-unreachable",
    what: reason === undefined ? "could not be reached" : `could not be reached (${reason})`,
    remedy: "Check the network path to the model server and OPENROUTER_BASE_URL.",
    retryable: true,
  };
}

/** The answer is not a readable chat completion. Another wording of the request may help. */
export function invalidAnswer(what: string, remedy = "Set another LLM_MODEL if this repeats."): Failure {
  return { code: "model-invalid-answer", what, remedy, retryable: false };
}

/** The model, or a filter before it, refused. */
export function refusal(what: string, detail?: string): Failure {
  return {
    code: "model-refused",
    what,
    remedy: "Set another LLM_MODEL, or one without a content filter.",
    retryable: false,
    ...(detail === undefined ? {} : { detail }),
  };
}
