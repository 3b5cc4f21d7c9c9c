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
  `
  CREATE TABLE seen_alerts (
    key TEXT PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE places (
    place TEXT PRIMARY KEY,
    incident_id TEXT NOT NULL,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX places_by_incident ON places (incident_id);

  CREATE TABLE open_incidents (
    incident_id TEXT PRIMARY KEY,
    opened_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;

  CREATE TABLE joined_alerts (
    number INTEGER PRIMARY KEY,
    incident_id TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX joined_alerts_by_incident ON joined_alerts (incident_id, joined_at, number);

  CREATE TABLE approvals (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    incident_id TEXT NOT NULL,
    requested_at INTEGER NOT NULL,
    answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX approvals_by_incident ON approvals (incident_id, requested_at DESC, number DESC);
  CREATE INDEX approvals_unanswered ON approvals (requested_at, number) WHERE answered = 0;

  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    incident_id TEXT NOT NULL,
    key TEXT NOT NULL,
    event TEXT NOT NULL,
    detail TEXT NOT NULL,
    at TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (incident_id, key)
  ) STRICT;
  CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
  CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
  -- INSERT OR REPLACE would remove an entry without the trigger above.
  CREATE TRIGGER audit_has_one_end BEFORE INSERT ON audit
    WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM audit)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to at its end'); END;

  CREATE TABLE judgements (
    number INTEGER PRIMARY KEY,
    incident_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX judgements_by_time ON judgements (at DESC, number DESC);
  `,
  // A record of an older version gets its summary when it is saved again; until then it is read as a whole.
  `
  ALTER TABLE incidents ADD COLUMN listed_as TEXT;
  ALTER TABLE incidents ADD COLUMN summary TEXT;
  UPDATE incidents SET listed_as = CASE
    WHEN json_extract(record, '$.joinedTo') IS NOT NULL OR json_extract(record, '$.alert.state') <> 'ALARM' THEN 'note'
    ELSE json_extract(record, '$.status') END
  WHERE json_valid(record);
  CREATE INDEX incidents_by_list ON incidents (listed_as, opened_at DESC, id DESC);
  `,
  `
  CREATE TABLE incident_messages (
    incident_id TEXT NOT NULL,
    name TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (incident_id, name)
  ) STRICT, WITHOUT ROWID;
  `,
  // Incidents become streams of events. The record of an older version stays as it is, and is the base of what comes.
  `
  CREATE TABLE incident_events (
    seq INTEGER PRIMARY KEY,
    incident_id TEXT NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (incident_id, key)
  ) STRICT;
  CREATE INDEX incident_events_by_incident ON incident_events (incident_id, seq);
  CREATE TRIGGER incident_events_are_not_changed BEFORE UPDATE ON incident_events
    BEGIN SELECT RAISE(ABORT, 'events are only added to'); END;
  ALTER TABLE audit ADD COLUMN digest TEXT;
  ALTER TABLE incidents ADD COLUMN folded_to INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE incidents ADD COLUMN fold_version INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE pauses (
    scope TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE policy_versions (
    version INTEGER PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER policy_versions_are_not_changed BEFORE UPDATE ON policy_versions
    BEGIN SELECT RAISE(ABORT, 'policy versions are only added to'); END;
  `,
  `
  CREATE TABLE audit_seals (
    seq INTEGER PRIMARY KEY,
    record TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER audit_seals_are_not_changed BEFORE UPDATE ON audit_seals
    BEGIN SELECT RAISE(ABORT, 'seals are only added'); END;
  CREATE TRIGGER audit_seals_are_not_removed BEFORE DELETE ON audit_seals
    BEGIN SELECT RAISE(ABORT, 'seals are only added'); END;
  `,
] as const;
