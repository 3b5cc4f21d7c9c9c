/** Identity of an execution: its payload's hash and its ARN. */
import { createHash, randomUUID } from "node:crypto";

/** The input as it is stored and handed to the workflow. */
export function serializePayload(input: unknown): string {
  return JSON.stringify(input) ?? "{}";
}

/** A hash that ignores the order of object keys, so that the same alarm parsed twice is the same payload. */
export function hashPayload(payload: string): string {
  return createHash("sha256")
    .update(JSON.stringify(sortKeys(JSON.parse(payload))))
    .digest("hex");
}

/** An ARN in the service's own form, which the SDK's file-system serdes takes apart. */
export function createExecutionArn(name: string): string {
  const execution = `${encodeURIComponent(name)}/${randomUUID()}`;
  return `arn:aws:lambda:local:000000000000:function:embedded:1/durable-execution/${execution}`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, sortKeys(child)]));
}
