/** The durable SDK's transport to Lambda, with a client of only the two calls it makes. */
import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import type { LambdaApi } from "./client.ts";

/**
 * Creates the transport. The SDK's own includes every command of Lambda's API. The vendor's errors are passed on,
 * since the SDK tells by their status and name whether to repeat an invocation or to fail the execution.
 */
export function createCheckpoints(api: LambdaApi): DurableExecutionClient {
  return {
    checkpoint: async (request) => {
      const { sdk, client } = await api();
      return client.send(new sdk.CheckpointDurableExecutionCommand(request));
    },
    getExecutionState: async (request) => {
      const { sdk, client } = await api();
      return client.send(new sdk.GetDurableExecutionStateCommand(request));
    },
  };
}
