/** Resumes a durable execution on Lambda that waits for a person's answer. */
import type { CallbackClient } from "../../approval/ports.ts";
import type { LambdaApi } from "./client.ts";

/** Creates the client. Throws the vendor's errors, except for a callback that is completed or unknown. */
export function createLambdaCallbacks(api: LambdaApi): CallbackClient {
  return {
    resume: async (callbackId, verdict) => {
      const { sdk, client } = await api();
      const command = new sdk.SendDurableExecutionCallbackSuccessCommand({
        CallbackId: callbackId,
        Result: Buffer.from(JSON.stringify(verdict)),
      });
      try {
        await client.send(command);
        return "completed";
      } catch (error) {
        const name = error instanceof Error ? error.name : "";
        // Answered before, timed out, or the execution has ended.
        if (name === "CallbackTimeoutException") return "already-decided";
        if (name === "ResourceNotFoundException") return "unknown";
        throw error;
      }
    },
  };
}
