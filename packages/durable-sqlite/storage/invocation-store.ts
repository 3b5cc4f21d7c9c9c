/** The two ends of an invocation, each one transaction's work. */
import type {
  DurableExecutionInvocationInput,
  DurableExecutionInvocationOutput,
} from "@aws/durable-execution-sdk-js";
import type { EngineClock } from "../clock.ts";
import { settleTimers } from "../timers.ts";
import type { Database } from "./database.ts";
import { type Ending, endExecution, findExecution, saveProgress } from "./execution-store.ts";
import { operationsChangedSince } from "./operation-store.ts";
import { readPage } from "./pages.ts";

/** Fences every earlier invocation, and reads the state the new one replays. Nothing if it is not ours to run. */
export function beginInvocation(
  database: Database,
  clock: EngineClock,
  owner: string,
  id: number,
): DurableExecutionInvocationInput | undefined {
  const execution = findExecution(database, "id", id);
  if (execution?.status !== "RUNNING" || execution.owner !== owner) return undefined;
  const now = clock.now();
  const revision = settleTimers(database, id, execution.revision, now);
  const begun = {
    ...execution,
    token: execution.token + 1,
    revision,
    observed: revision,
    suspended: 0,
    invocations: execution.invocations + 1,
  };
  saveProgress(database, begun, now);
  const updated = operationsChangedSince(database, id, execution.observed);
  return {
    DurableExecutionArn: execution.arn,
    CheckpointToken: String(begun.token),
    UpdatedOperationIds: updated.map((operation) => operation.id),
    InitialExecutionState: readPage(database, clock, execution),
  };
}

/** Stores what the workflow function answered, unless another invocation has taken over since `token`. */
export function endInvocation(
  database: Database,
  clock: EngineClock,
  id: number,
  token: string,
  output: DurableExecutionInvocationOutput,
): "ended" | "suspended" | "lost" {
  const execution = findExecution(database, "id", id);
  if (!execution || String(execution.token) !== token) return "lost";
  // A result above the response limit has ended the execution by checkpoint.
  if (execution.status !== "RUNNING") return "ended";
  const now = clock.now();
  const stuck = execution.revision === execution.observed && !waitsForSomething(database, id);
  const ending = toEnding(output) ?? (stuck ? STUCK : undefined);
  if (ending) endExecution(database, id, ending, now);
  else saveProgress(database, { ...execution, suspended: 1 }, now);
  return ending ? "ended" : "suspended";
}

/** The service refuses this too: such an execution would never be woken. */
const STUCK: Ending = {
  status: "FAILED",
  error: { ErrorMessage: "Cannot return PENDING status with no pending operations." },
};

function toEnding(output: DurableExecutionInvocationOutput): Ending | undefined {
  if ("Error" in output) return { status: "FAILED", error: output.Error };
  return String(output.Status) === "SUCCEEDED"
    ? { status: "SUCCEEDED", output: ("Result" in output && output.Result) || null }
    : undefined;
}

function waitsForSomething(database: Database, execution: number): boolean {
  const row = database
    .statement(
      `SELECT 1 FROM operations WHERE execution = ?
         AND (due_at IS NOT NULL OR (type = 'CALLBACK' AND status = 'STARTED')) LIMIT 1`,
    )
    .get(execution);
  return row !== undefined;
}
