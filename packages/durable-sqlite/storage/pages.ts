/** Cuts an execution's operations into pages, as the service does. */
import type { WireOperation } from "@aws/durable-execution-sdk-js";
import type { EngineClock } from "../clock.ts";
import { toWire } from "../operation.ts";
import type { Database } from "./database.ts";
import type { StoredExecution } from "./execution-store.ts";
import { replayableOperations } from "./operation-store.ts";

export const MAX_PAGE_ITEMS = 1000;
const MAX_PAGE_BYTES = 6 * 1024 * 1024;

export type Page = { Operations: WireOperation[]; NextMarker?: string };

/** The page after a marker. Without a marker the first one, which begins with the execution itself. */
export function readPage(
  database: Database,
  clock: EngineClock,
  execution: StoredExecution,
  marker?: string,
  maxItems: number = MAX_PAGE_ITEMS,
): Page {
  const limit = Math.max(1, Math.min(maxItems, MAX_PAGE_ITEMS));
  const after = marker === undefined ? 0 : Number(marker);
  const operations = marker === undefined ? [rootOperation(execution)] : [];
  let items = 0;
  let bytes = 0;
  let last = after;
  for (const operation of replayableOperations(database, execution.id, after)) {
    bytes += Buffer.byteLength(operation.result ?? "");
    if (items > 0 && (items >= limit || bytes > MAX_PAGE_BYTES)) {
      return { Operations: operations, NextMarker: String(last) };
    }
    operations.push(toWire(operation, clock.toDate));
    items += 1;
    last = operation.position;
  }
  return { Operations: operations };
}

/** The execution's own operation: the SDK reads the input from the first one. */
function rootOperation(execution: StoredExecution): WireOperation {
  return {
    Id: `execution-${execution.id}`,
    Name: execution.name,
    Type: "EXECUTION",
    Status: "STARTED",
    StartTimestamp: new Date(execution.createdAt),
    ExecutionDetails: { InputPayload: execution.input },
  };
}
