/**
 * One entry for each version of the file, `PRAGMA user_version` counting those applied. Entries are only ever
 * added: a store in the field has already run the old ones.
 */
export const MIGRATIONS = [
  `
  CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    service TEXT,
    opened_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX incidents_by_time ON incidents (opened_at DESC, id DESC);
  CREATE INDEX incidents_by_service ON incidents (service, opened_at DESC, id DESC);

  CREATE TABLE claims (
    key TEXT PRIMARY KEY,
    at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE actions (
    incident_id TEXT NOT NULL,
    cluster TEXT NOT NULL,
    service TEXT NOT NULL,
    action TEXT NOT NULL,
    at INTEGER NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (incident_id, cluster, service, action)
  ) STRICT;
  CREATE INDEX actions_by_time ON actions (at);

  CREATE TABLE unreadable_events (
    number INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    raw TEXT NOT NULL,
    problem TEXT NOT NULL
  ) STRICT;
  `,
] as const;
