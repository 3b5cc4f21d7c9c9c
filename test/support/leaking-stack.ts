import { onTestFinished } from "vitest";
import type { AwsStub } from "./aws-stub-server.ts";
import { type LambdaStack, startLambdaStack } from "./lambda-stack.ts";
import { type LeakingService, startLeakingService } from "./leaking-service.ts";

/** The built functions in `taskRoot`, and a leaking service for them to mend; both end with the test. */
export async function startLeakingStack(
  taskRoot: string,
  policy: string,
  variables: Readonly<Record<string, string>> = {},
  prepare: (stub: AwsStub) => void = () => {},
  leak: { readonly minutes?: number } = {},
): Promise<{ stack: LambdaStack; service: LeakingService }> {
  const service = await startLeakingService("shop", leak);
  prepare(service.stub);
  const stack = await startLambdaStack(taskRoot, policy, {
    AWS_ENDPOINT_URL: service.stub.endpoint,
    ...variables,
  });
  onTestFinished(async () => {
    await stack.stop();
    await service.stub.close();
  });
  return { stack, service };
}
