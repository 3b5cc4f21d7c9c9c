/** Reads and writes the operations of one execution. */
import type { OperationStatus, OperationType } from "@aws/durable-execution-sdk-js";
import type { StoredOperation } from "../operation.ts";
import type { Database } from "./database.ts";

const COLUMNS = `o.id, o.position, o.revision, o.parent_id AS parentId, o.name, o.type, o.sub_type AS subType,
  o.status, o.attempt, o.result, o.error, o.replay_children AS replayChildren, o.callback_id AS callbackId,
  o.started_at AS startedAt, o.ended_at AS endedAt, o.timer_set_at AS timerSetAt, o.due_at AS dueAt,
  o.deadline_at AS deadlineAt, o.beat_ms AS beatMs`;

type OperationRow = Omit<StoredOperation, "error" | "replayChildren" | "type" | "status"> & {
  error: string | null;
  replayChildren: number;
  type: OperationType;
  status: OperationStatus;
};

function fromRow(row: unknown): StoredOperation {
  const stored = row as OperationRow;
  return {
    ...stored,
    error: stored.error === null ? null : JSON.parse(stored.error),
    replayChildren: stored.replayChildren === 1,
  };
}

export function findOperation(
  database: Database,
  execution: number,
  id: string,
): StoredOperation | undefined {
  const row = database
    .statement(`SELECT ${COLUMNS} FROM operations o WHERE o.execution = ? AND o.id = ?`)
    .get(execution, id);
  return row && fromRow(row);
}

/** Inserts or replaces. A new operation's position is its first revision. */
export function saveOperation(
  database: Database,
  execution: number,
  operation: StoredOperation,
  revision: number,
): void {
  database
    .statement(
      `INSERT OR REPLACE INTO operations (execution, id, position, revision, parent_id, name, type, sub_type,
         status, attempt, result, error, replay_children, callback_id, started_at, ended_at, timer_set_at,
         due_at, deadline_at, beat_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      execution,
      operation.id,
      operation.position || revision,
      revision,
      operation.parentId,
      operation.name,
      operation.type,
      operation.subType,
      operation.status,
      operation.attempt,
      operation.result,
      operation.error && JSON.stringify(operation.error),
      operation.replayChildren ? 1 : 0,
      operation.callbackId,
      operation.startedAt,
      operation.endedAt,
      operation.timerSetAt,
      operation.dueAt,
      operation.deadlineAt,
      operation.beatMs,
    );
}

/** Operations changed after the given revision, in the order they began. */
export function operationsChangedSince(
  database: Database,
  execution: number,
  revision: number,
): StoredOperation[] {
  return database
    .statement(
      `SELECT ${COLUMNS} FROM operations o WHERE o.execution = ? AND o.revision > ? ORDER BY o.position`,
    )
    .all(execution, revision)
    .map(fromRow);
}

/** Operations whose timer is due at `now`. */
export function dueOperations(database: Database, execution: number, now: number): StoredOperation[] {
  return database
    .statement(
      `SELECT ${COLUMNS} FROM operations o WHERE o.execution = ? AND o.due_at <= ? ORDER BY o.position`,
    )
    .all(execution, now)
    .map(fromRow);
}

/** Every operation, in the order they began: for people, not for replay. */
export function allOperations(database: Database, execution: number): StoredOperation[] {
  return database
    .statement(`SELECT ${COLUMNS} FROM operations o WHERE o.execution = ? ORDER BY o.position`)
    .all(execution)
    .map(fromRow);
}

/**
 * The operations a replay needs, after a position. The descendants of an ended context are left out, unless
 * the context asked for `ReplayChildren`: the SDK takes the context's own result.
 */
export function* replayableOperations(
  database: Database,
  execution: number,
  after: number,
): Generator<StoredOperation> {
  const rows = database
    .statement(
      `WITH RECURSIVE visible (id, opens) AS (
         SELECT id, status NOT IN ('SUCCEEDED', 'FAILED') OR replay_children = 1
           FROM operations WHERE execution = :execution AND parent_id IS NULL
         UNION ALL
         SELECT o.id, o.status NOT IN ('SUCCEEDED', 'FAILED') OR o.replay_children = 1
           FROM operations o JOIN visible v ON o.parent_id = v.id
           WHERE o.execution = :execution AND v.opens
       )
       SELECT ${COLUMNS} FROM operations o
         WHERE o.execution = :execution AND o.position > :after AND o.id IN (SELECT id FROM visible)
         ORDER BY o.position`,
    )
    .iterate({ execution, after });
  for (const row of rows) yield fromRow(row);
}
