import { OpsAgentError } from "../../domain/errors.ts";

/** Where the store is, for the remedies. */
export interface TablePlace {
  readonly table: string;
  readonly region: string;
}

const missing = /^ResourceNotFound/;
const denied = /^(AccessDenied|NotAuthorized|Unauthorized|OptInRequired)/;
const credentials =
  /^(ExpiredToken|RequestExpired|UnrecognizedClient|InvalidSignature|IncompleteSignature|InvalidClientToken|MissingAuthenticationToken|CredentialsProviderError|TokenProviderError)/;
const throttled =
  /^(Throttl|ProvisionedThroughputExceeded|RequestLimitExceeded|TooManyRequests|LimitExceeded|SlowDown)/;
const unreachable =
  /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|AbortError|RequestTimeout)/;
const otherTable = /^Validation/;
/** In the words of a `ValidationException`, which has no code of its own for it. */
const tooLarge = /item size/i;
const TOO_LARGE = {
  remedy: "One text of it is larger than DynamoDB keeps (400 KB): find what sends it, and handle it by hand.",
  retryable: false,
};

/** Any fault while the store was `doing` something, as an {@link OpsAgentError} `store-failed`. */
export function storeError(doing: string, place: TablePlace, error: unknown): OpsAgentError {
  if (error instanceof OpsAgentError) return error;
  const { code, status, why } = readFault(error);
  return new OpsAgentError({
    code: "store-failed",
    message: `The store could not ${doing}: ${code}${why && why !== code ? `: ${why.slice(0, 300)}` : ""}`,
    ...(tooLarge.test(why) ? TOO_LARGE : advice(code, status, place)),
    cause: error,
  });
}

function readFault(error: unknown) {
  if (!(error instanceof Error)) return { code: "UnknownError", why: String(error), status: undefined };
  const { code, $metadata } = error as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  return {
    code: typeof code === "string" && /^E[A-Z_]+$/.test(code) ? code : error.name,
    // The vendor's client appends advice for programmers on lines of its own.
    why: error.message.split("\n", 1)[0] ?? "",
    status: $metadata?.httpStatusCode,
  };
}

function advice(code: string, status: number | undefined, { table, region }: TablePlace) {
  const fixed = (remedy: string) => ({ remedy, retryable: false });
  const passing = (remedy: string) => ({ remedy, retryable: true });
  if (missing.test(code)) {
    return fixed(
      `There is no table ${table} in ${region}: create it, or correct OPSAGENT_STORE or AWS_REGION.`,
    );
  }
  if (denied.test(code)) {
    return fixed(
      `Allow dynamodb:GetItem, PutItem, DeleteItem and Query on the table ${table} in ${region} in the agent's IAM policy.`,
    );
  }
  if (credentials.test(code)) return fixed("Check that AWS credentials are present and not expired.");
  if (throttled.test(code)) {
    return passing(`DynamoDB limits the table ${table}: try again, or give it more (on-demand) capacity.`);
  }
  if (unreachable.test(code)) {
    return passing(
      `DynamoDB in ${region} did not answer: check the network path, AWS_REGION and AWS_ENDPOINT_URL.`,
    );
  }
  if (otherTable.test(code)) {
    return fixed(`Check that ${table} is a store of OpsAgent: its keys are two strings named pk and sk.`);
  }
  return status !== undefined && status >= 500
    ? passing("DynamoDB has a fault of its own: try again, and look at the AWS Health Dashboard.")
    : fixed(`Look up the error in the AWS documentation of DynamoDB, and check the table ${table}.`);
}
