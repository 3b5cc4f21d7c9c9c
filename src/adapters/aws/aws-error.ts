import { OpsAgentError } from "../../domain/errors.ts";
import type { AwsAction } from "./aws-action.ts";
import { describeAction } from "./aws-action.ts";
import { defined } from "./defined.ts";

/** The fields of a vendor error that are used. Any may be missing, since anything can be thrown. */
export interface AwsFailure {
  /** AWS's error code (`AccessDeniedException`), else Node's (`ECONNRESET`), else the error's name. */
  readonly code: string;
  readonly message: string;
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** True when the answer has an error code of AWS's form; false for a proxy's page and a broken answer. */
  readonly fromAws: boolean;
}

const denied =
  /^(AccessDenied|AuthFailure|Unauthorized|NotAuthorized|ExpiredToken|RequestExpired|UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|InvalidClientToken|InvalidAccessKey|MissingAuthenticationToken|OptInRequired|CredentialsProviderError|TokenProviderError)/;
const throttled =
  /^(Throttl|TooManyRequests|RequestLimitExceeded|RequestThrottled|LimitExceeded|SlowDown|PriorRequestNotComplete|EC2Throttled|ProvisionedThroughputExceeded|BandwidthLimitExceeded)/;
const unreachable =
  /^(ECONN|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|TimeoutError|AbortError|RequestTimeout)/;
/** Error names that the vendor's client invents when the answer had no code, could not be parsed or did not end. */
const inventedByClient = /^(Unknown|UnknownError|Error|SyntaxError|TypeError|TimeoutError|AbortError)$/;
/** The endpoint does not have the operation: it is not AWS, or a region without it. */
const unsupported = /^(UnknownOperation|UnsupportedOperation|InvalidAction)(Exception)?$/;
/** Passing a task's roles to ECS needs a permission of its own, which AWS names only in the message. */
const missesPassRole = /\biam:PassRole\b/;
const notFound = /^(ClusterNotFound|ServiceNotFound)/;

/** Reads whatever was thrown during a call. */
export function readFailure(thrown: unknown): AwsFailure {
  if (!(thrown instanceof Error)) return { code: "UnknownError", message: String(thrown), fromAws: false };
  const { code: nodeCode, $metadata } = thrown as { code?: unknown; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const code = typeof nodeCode === "string" && /^E[A-Z_]+$/.test(nodeCode) ? nodeCode : thrown.name;
  // The vendor's client appends advice for programmers on further lines.
  const message = thrown.message.split("\n", 1)[0] ?? "";
  return defined({ code, message, status, fromAws: status !== undefined && isAwsCode(code) });
}

function isAwsCode(code: string): boolean {
  return /^[A-Z][a-z][A-Za-z.]*$/.test(code) && !inventedByClient.test(code);
}

/** Converts a failed call to an {@link OpsAgentError}: which call, AWS's code, and a remedy. */
export function toOpsAgentError(action: AwsAction, thrown: unknown): OpsAgentError {
  if (thrown instanceof OpsAgentError) return thrown;
  const failure = readFailure(thrown);
  const { code, message, status } = failure;
  const detail = message && message !== code ? `: ${message.slice(0, 300)}` : "";
  const answered = status === undefined ? "" : ` (HTTP ${status})`;
  return new OpsAgentError({
    ...classify(action, failure),
    message: `${describeAction(action)} failed with ${code}${answered}${detail}`,
    cause: thrown,
  });
}

function classify(action: AwsAction, { code, message, status, fromAws }: AwsFailure) {
  if (denied.test(code)) {
    return {
      code: "aws-denied",
      remedy: missesPassRole.test(message)
        ? "Allow iam:PassRole in the agent's IAM policy for the task role and the execution role of this service's " +
          "task definition, with the condition iam:PassedToService = ecs-tasks.amazonaws.com."
        : `Allow ${action} in the agent's IAM policy, and check that its credentials are present and not expired.`,
      retryable: false,
    } as const;
  }
  if (throttled.test(code) || status === 429) {
    return {
      code: "aws-throttled",
      remedy: `AWS limits ${action} for this account and region. Try again later, or ask AWS for a higher quota.`,
      retryable: true,
    } as const;
  }
  if (unreachable.test(code)) {
    return {
      code: "aws-unreachable",
      remedy: "Check the network path to AWS: region, endpoint, DNS, VPC endpoints, proxy. Then try again.",
      retryable: true,
    } as const;
  }
  if (unsupported.test(code)) {
    return {
      code: "aws-unsupported",
      remedy: `This endpoint does not offer ${action}: check AWS_ENDPOINT_URL and the region.`,
      retryable: false,
    } as const;
  }
  if (notFound.test(code)) {
    return {
      code: "service-not-found",
      remedy:
        "Check the cluster and service names, the account and the region that the agent is configured with.",
      retryable: false,
    } as const;
  }
  return {
    code: "aws-failed",
    remedy:
      fromAws || status === undefined
        ? `Look up the error code in the AWS documentation of ${action}, and look at this part by hand.`
        : "The answer is not AWS's: check the endpoint, and any proxy or gateway on the way to it.",
    retryable: status !== undefined && status >= 500,
  } as const;
}
