/**
 * The service's limits, enforced so that a workflow that runs embedded also runs on Lambda. The numbers are those of
 * the SDK 2.4 (CheckpointManager) and, for errors, of its test server 1.1.
 */
import type { OperationUpdate } from "@aws/durable-execution-sdk-js";
import { refusal } from "./errors.ts";

export const MAX_PAYLOAD_BYTES = 256 * 1024;
export const MAX_CHECKPOINT_BYTES = 750 * 1024;
export const MAX_CHECKPOINT_UPDATES = 250;
export const MAX_ERROR_BYTES = 32 * 1024;

/** Throws an EXECUTION-scoped error if the service would refuse the checkpoint for its size. */
export function checkLimits(updates: readonly OperationUpdate[]): void {
  if (updates.length > MAX_CHECKPOINT_UPDATES) {
    throw refusal(`A checkpoint has ${updates.length} updates, the limit is ${MAX_CHECKPOINT_UPDATES}.`);
  }
  let total = 0;
  for (const update of updates) {
    // The SDK checkpoints a result above 6 MB as one oversized EXECUTION update; nothing smaller exists.
    if (update.Type !== "EXECUTION") total += checkUpdate(update);
  }
  if (total > MAX_CHECKPOINT_BYTES) {
    throw refusal(`A checkpoint has ${total} bytes, the limit is ${MAX_CHECKPOINT_BYTES}.`);
  }
}

/** The bytes an update carries, envelope not counted: the SDK's own estimate is never below that. */
function checkUpdate(update: OperationUpdate): number {
  const label = `${update.Type} ${update.Name ?? update.Id}`;
  const payloadBytes = Buffer.byteLength(update.Payload ?? "");
  if (payloadBytes > MAX_PAYLOAD_BYTES) {
    throw refusal(`${label}: a payload of ${payloadBytes} bytes, the limit is ${MAX_PAYLOAD_BYTES}.`);
  }
  const errorBytes = update.Error ? Buffer.byteLength(JSON.stringify(update.Error)) : 0;
  if (errorBytes > MAX_ERROR_BYTES) {
    throw refusal(`${label}: an error of ${errorBytes} bytes, the limit is ${MAX_ERROR_BYTES}.`);
  }
  return payloadBytes + errorBytes;
}
