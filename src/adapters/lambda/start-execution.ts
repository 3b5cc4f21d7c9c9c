/** Begins a durable execution of another Lambda function. */
import { createHash } from "node:crypto";
import type { LambdaApi } from "./client.ts";

/** What Lambda allows: https://docs.aws.amazon.com/lambda/latest/api/API_Execution.html */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const NAME_CHARACTERS = 64;
const HASH_CHARACTERS = 16;

export type Started = "started" | "already-started";

/**
 * Returns a function that begins an execution of `target`, a function's ARN with an alias or a version, and does not
 * wait for its end. The name is the idempotency key: the same one again, with whatever input, begins nothing. Throws
 * what the vendor's client throws.
 */
export function createStartExecution(
  api: LambdaApi,
  target: string,
): (name: string, input: unknown) => Promise<Started> {
  return async (name, input) => {
    const { sdk, client } = await api();
    const command = new sdk.InvokeCommand({
      FunctionName: target,
      InvocationType: "Event",
      DurableExecutionName: allowedName(name),
      Payload: Buffer.from(JSON.stringify(input)),
    });
    try {
      await client.send(command);
      return "started";
    } catch (error) {
      // Another input under this name: the same alarm, received at another moment.
      if (error instanceof Error && error.name === "DurableExecutionAlreadyStartedException") {
        return "already-started";
      }
      throw error;
    }
  };
}

/** The name itself where Lambda allows it, else what is allowed of it and a hash of the whole. */
export function allowedName(name: string): string {
  if (NAME.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_CHARACTERS);
  const kept = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, NAME_CHARACTERS - HASH_CHARACTERS - 1);
  return `${kept}-${hash}`;
}
