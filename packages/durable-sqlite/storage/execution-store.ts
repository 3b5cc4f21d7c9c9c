/** Reads and writes executions. */
import type { ErrorObject } from "@aws/durable-execution-sdk-js";
import type { ExecutionStatus } from "../types.ts";
import type { Database } from "./database.ts";
import { createExecutionArn } from "./payload.ts";

export type StoredExecution = {
  id: number;
  name: string;
  arn: string;
  payloadHash: string;
  codeVersion: string;
  status: ExecutionStatus;
  input: string;
  output: string | null;
  error: string | null;
  owner: string | null;
  token: number;
  revision: number;
  observed: number;
  suspended: number;
  invocations: number;
  createdAt: number;
  updatedAt: number;
  finishedAt: number | null;
};

const COLUMNS = `e.id, e.name, e.arn, e.payload_hash AS payloadHash, e.code_version AS codeVersion, e.status,
  e.input, e.output, e.error, e.owner, e.token, e.revision, e.observed, e.suspended, e.invocations,
  e.created_at AS createdAt, e.updated_at AS updatedAt, e.finished_at AS finishedAt`;

export function findExecution(
  database: Database,
  key: "id" | "name" | "arn",
  value: string | number,
): StoredExecution | undefined {
  const row = database.statement(`SELECT ${COLUMNS} FROM executions e WHERE e.${key} = ?`).get(value);
  return row as StoredExecution | undefined;
}

/** Adds a new execution, owned by its creator. */
export function insertExecution(
  database: Database,
  execution: Pick<StoredExecution, "name" | "payloadHash" | "codeVersion" | "input"> & { owner: string },
  now: number,
): StoredExecution {
  const row = database
    .statement(
      `INSERT INTO executions AS e (name, arn, payload_hash, code_version, status, input, owner, created_at, updated_at)
       VALUES (?, ?, ?, ?, 'RUNNING', ?, ?, ?, ?) RETURNING ${COLUMNS.replaceAll("e.", "")}`,
    )
    .get(
      execution.name,
      createExecutionArn(execution.name),
      execution.payloadHash,
      execution.codeVersion,
      execution.input,
      execution.owner,
      now,
      now,
    );
  return row as unknown as StoredExecution;
}

/** Saves what an invocation or a checkpoint moves. */
export function saveProgress(
  database: Database,
  execution: Pick<StoredExecution, "id" | "token" | "revision" | "observed" | "suspended" | "invocations">,
  now: number,
): void {
  database
    .statement(
      `UPDATE executions SET token = ?, revision = ?, observed = ?, suspended = ?, invocations = ?,
         updated_at = ? WHERE id = ?`,
    )
    .run(
      execution.token,
      execution.revision,
      execution.observed,
      execution.suspended,
      execution.invocations,
      now,
      execution.id,
    );
}

/** The outcome an execution ends with. */
export type Ending =
  | { status: "SUCCEEDED"; output: string | null }
  | { status: "FAILED"; error: ErrorObject };

/** Ends an execution: its timers go, its open callbacks can no longer be decided. */
export function endExecution(database: Database, id: number, ending: Ending, now: number): void {
  database
    .statement(
      `UPDATE executions SET status = ?, output = ?, error = ?, owner = NULL, token = token + 1,
         finished_at = ?, updated_at = ? WHERE id = ? AND status = 'RUNNING'`,
    )
    .run(
      ending.status,
      ending.status === "SUCCEEDED" ? ending.output : null,
      ending.status === "FAILED" ? JSON.stringify(ending.error) : null,
      now,
      now,
      id,
    );
  database
    .statement("UPDATE operations SET due_at = NULL WHERE execution = ? AND due_at IS NOT NULL")
    .run(id);
}

export function listExecutions(
  database: Database,
  status: ExecutionStatus | undefined,
  limit: number,
): StoredExecution[] {
  const rows = database
    .statement(
      `SELECT ${COLUMNS} FROM executions e WHERE :status IS NULL OR e.status = :status
       ORDER BY e.id DESC LIMIT :limit`,
    )
    .all({ status: status ?? null, limit });
  return rows as unknown as StoredExecution[];
}

/** Some executions of this owner that have something to do at `now`, those in flight included. */
export function readyExecutions(
  database: Database,
  owner: string,
  now: number,
  limit: number,
): Pick<StoredExecution, "id" | "name">[] {
  const rows = database
    .statement(
      `SELECT id, name FROM executions
         WHERE owner = :owner AND status = 'RUNNING' AND (suspended = 0 OR revision > observed)
       UNION
       SELECT e.id, e.name FROM operations o JOIN executions e ON e.id = o.execution
         WHERE o.due_at <= :now AND e.owner = :owner AND e.status = 'RUNNING'
       ORDER BY 1 LIMIT :limit`,
    )
    .all({ owner, now, limit });
  return rows as Pick<StoredExecution, "id" | "name">[];
}

/** True if this owner has unfinished executions. */
export function holdsAny(database: Database, owner: string): boolean {
  const held = database.statement("SELECT 1 FROM executions WHERE owner = ? AND status = 'RUNNING' LIMIT 1");
  return held.get(owner) !== undefined;
}

/** When the next timer of this owner's suspended executions is due, in the engine's time. */
export function nextDueAt(database: Database, owner: string): number {
  const row = database
    .statement(
      `SELECT o.due_at AS dueAt FROM operations o JOIN executions e ON e.id = o.execution
         WHERE o.due_at IS NOT NULL AND e.owner = ? AND e.suspended = 1 AND e.status = 'RUNNING'
         ORDER BY o.due_at LIMIT 1`,
    )
    .get(owner) as { dueAt: number } | undefined;
  return row?.dueAt ?? Number.POSITIVE_INFINITY;
}

/** Deletes what ended before the given time. */
export function purgeExecutions(database: Database, olderThan: number): number {
  const { changes } = database.statement("DELETE FROM executions WHERE finished_at < ?").run(olderThan);
  return Number(changes);
}
