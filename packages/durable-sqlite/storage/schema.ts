/** The tables, and the migrations that make them. */
import type { DatabaseSync } from "node:sqlite";
import { DurableEngineError } from "../errors.ts";

/**
 * One entry per schema version, never edited once released. `PRAGMA user_version` counts those applied.
 *
 * `token` goes up with every invocation and checkpoint and fences an older worker. `revision` goes up with
 * every change of an operation; `observed` is the last revision the workflow has been told of. `position`
 * is the order in which operations began. Times are milliseconds since the epoch.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE workers (
    owner TEXT PRIMARY KEY,
    process TEXT NOT NULL,
    beat INTEGER NOT NULL,
    beat_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE executions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    arn TEXT NOT NULL UNIQUE,
    payload_hash TEXT NOT NULL,
    code_version TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('RUNNING', 'SUCCEEDED', 'FAILED')),
    input TEXT NOT NULL,
    output TEXT,
    error TEXT,
    owner TEXT,
    token INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 0,
    observed INTEGER NOT NULL DEFAULT 0,
    suspended INTEGER NOT NULL DEFAULT 0,
    invocations INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    finished_at INTEGER
  ) STRICT;
  CREATE INDEX executions_running ON executions (owner) WHERE status = 'RUNNING';
  CREATE INDEX executions_ready ON executions (owner, id)
    WHERE status = 'RUNNING' AND (suspended = 0 OR revision > observed);
  CREATE INDEX executions_finished ON executions (finished_at) WHERE finished_at IS NOT NULL;

  CREATE TABLE operations (
    execution INTEGER NOT NULL REFERENCES executions (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    parent_id TEXT,
    name TEXT,
    type TEXT NOT NULL,
    sub_type TEXT,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    result TEXT,
    error TEXT,
    replay_children INTEGER NOT NULL,
    callback_id TEXT UNIQUE,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    timer_set_at INTEGER,
    due_at INTEGER,
    deadline_at INTEGER,
    beat_ms INTEGER,
    PRIMARY KEY (execution, id)
  ) STRICT;
  CREATE INDEX operations_in_order ON operations (execution, position);
  CREATE INDEX operations_changed ON operations (execution, revision);
  CREATE INDEX operations_due ON operations (due_at) WHERE due_at IS NOT NULL;
  `,
  `
  CREATE TABLE engine (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    identity TEXT NOT NULL
  ) STRICT;
  `,
];

/** Brings the database to the newest schema. Safe when several processes open a new file at once. */
export function migrate(connection: DatabaseSync): void {
  if (appliedMigrations(connection) === MIGRATIONS.length) return;
  connection.exec("BEGIN IMMEDIATE");
  try {
    const applied = appliedMigrations(connection);
    if (applied > MIGRATIONS.length) {
      throw new DurableEngineError(
        "schema-too-new",
        `The database has schema ${applied}, this program knows ${MIGRATIONS.length}: use the newer program.`,
      );
    }
    for (const migration of MIGRATIONS.slice(applied)) connection.exec(migration);
    connection.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
    connection.exec("COMMIT");
  } catch (error) {
    if (connection.isTransaction) connection.exec("ROLLBACK");
    throw error;
  }
}

function appliedMigrations(connection: DatabaseSync): number {
  const { user_version: version } = connection.prepare("PRAGMA user_version").get() ?? {};
  return Number(version);
}
