/** Starts a durable execution of another Lambda function. */
import { createHash } from "node:crypto";
import type { LambdaApi } from "./client.ts";

/** The names that Lambda allows: https://docs.aws.amazon.com/lambda/latest/api/API_Execution.html */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const NAME_CHARACTERS = 64;
const HASH_CHARACTERS = 16;

export type Started = "started" | "already-started";

/**
 * Returns a function that starts an execution of `target`, a function's ARN with an alias or version, without waiting
 * for its end. The name is the idempotency key: repeated, with whatever input, it starts nothing. Throws the vendor's
 * errors.
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
      // Another input under this name: the same alarm, received at another time.
      if (error instanceof Error && error.name === "DurableExecutionAlreadyStartedException") {
        return "already-started";
      }
      throw error;
    }
  };
}

/** Returns the name where Lambda allows it, else its allowed characters and a hash of the whole. */
export function allowedName(name: string): string {
  if (NAME.test(name)) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, HASH_CHARACTERS);
  const kept = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-").slice(0, NAME_CHARACTERS - HASH_CHARACTERS - 1);
  return `${kept}-${hash}`;
}
