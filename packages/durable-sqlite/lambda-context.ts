/** The context of an invocation, in place of the Lambda runtime's. */

/**
 * The SDK reads `awsRequestId`, `tenantId` and `getRemainingTimeInMillis`; a workflow may see the rest as
 * `context.lambdaContext`. There is no deadline: the documented way to say so is `Infinity`.
 */
export function createLambdaContext(executionArn: string, requestId: string) {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: "embedded",
    functionVersion: "1",
    invokedFunctionArn: executionArn.split("/durable-execution/")[0] ?? executionArn,
    memoryLimitInMB: "0",
    logGroupName: "embedded",
    logStreamName: requestId,
    getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
