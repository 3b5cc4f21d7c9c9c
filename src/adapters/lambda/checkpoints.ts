/** The durable SDK's transport to Lambda, with a client that holds only the two calls it makes. */
import type { DurableExecutionClient } from "@aws/durable-execution-sdk-js";
import type { LambdaApi } from "./client.ts";

/**
 * As the SDK's own transport, which brings every command of Lambda's API with it. Errors go on as the vendor's client
 * throws them: by their status and name the SDK tells an invocation to be repeated from an execution that has failed.
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
