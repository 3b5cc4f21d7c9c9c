import { OpsAgentError } from "../../domain/errors.ts";
import type { ReadOptions } from "../../evidence/ports.ts";
import { type AwsAction, describeAction } from "./aws-action.ts";
import { toOpsAgentError } from "./aws-error.ts";

/** Options of the vendor's `send`. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Makes one read. Throws {@link OpsAgentError}. Returns at once when the signal fires, also while the vendor's client
 * loads credentials, during which it ignores the signal.
 */
export async function call<T>(
  action: AwsAction,
  options: ReadOptions | undefined,
  send: (sendOptions: SendOptions) => Promise<T>,
): Promise<T> {
  const signal = options?.signal;
  try {
    if (!signal) return await send({});
    signal.throwIfAborted();
    return await untilAborted(send({ abortSignal: signal }), signal);
  } catch (thrown) {
    throw signal?.aborted ? stopped(action, thrown) : toOpsAgentError(action, thrown);
  }
}

async function untilAborted<T>(sent: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([sent, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function stopped(action: AwsAction, cause: unknown): OpsAgentError {
  return new OpsAgentError({
    code: "aws-unreachable",
    message: `${describeAction(action)} did not answer in the time that was given to it`,
    remedy: "Give this source more time in the configuration, or check the network path to AWS.",
    retryable: true,
    cause,
  });
}
