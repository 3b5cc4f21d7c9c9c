/**
 * The errors that every AWS API can answer with, whatever the operation.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
 */
import type { WireFault } from "./protocol.ts";
import type { Protocol } from "./service.ts";

const statuses: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  InternalFailure: 500,
  InternalServiceFault: 500,
  InternalServerException: 500,
  RequestLimitExceeded: 503,
  ServerException: 500,
  ServiceUnavailable: 503,
  ServiceUnavailableException: 503,
  UnrecognizedClientException: 400,
};

const messages: Readonly<Record<string, string>> = {
  AccessDenied: "User is not authorized to perform this operation because no identity-based policy allows it",
  AccessDeniedException:
    "User is not authorized to perform this operation because no identity-based policy allows it",
  ExpiredToken: "The security token included in the request is expired",
  ExpiredTokenException: "The security token included in the request is expired",
  RequestLimitExceeded: "Request limit exceeded.",
  Throttling: "Rate exceeded",
  ThrottlingException: "Rate exceeded",
  UnrecognizedClientException: "The security token included in the request is invalid.",
};

/** An error by its code, with the status and message that AWS gives it unless others are asked for. */
export function commonError(
  code: string,
  asked: { readonly message?: string | undefined; readonly status?: number | undefined } = {},
): WireFault {
  return {
    code,
    message: asked.message ?? messages[code] ?? `The request failed with ${code}.`,
    status: asked.status ?? statuses[code] ?? 400,
  };
}

/** What a service answers with when calls come too fast: JSON and Query services name it differently. */
export function throttlingError({ kind }: Protocol): WireFault {
  return commonError(kind === "query" ? "Throttling" : "ThrottlingException");
}
