import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { sealedByNewer } from "../../../test/contract/incident-store/sealed-by-newer.ts";
import { callInProcesses } from "../../../test/contract/incident-store/store-process.ts";
import { incidentStoreContract } from "../../../test/contract/incident-store.contract.ts";
import type { OpsAgentError } from "../../domain/errors.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const child = fileURLToPath(new URL("../../../test/contract/sqlite-process.ts", import.meta.url));
const TABLES = [
  "incidents",
  "incident_events",
  "claims",
  "actions",
  "unreadable_events",
  "seen_alerts",
  "places",
  "open_incidents",
  "joined_alerts",
  "approvals",
  "audit",
  "audit_seals",
  "judgements",
  "pauses",
  "policy_versions",
];

incidentStoreContract("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-store-"));
  const path = join(folder, "store.db");
  const reported: OpsAgentError[] = [];
  const open = () => createSqliteStore(path, { onUnreadable: (problem) => reported.push(problem) });
  const stores = [open()];
  const raw = <T>(work: (database: DatabaseSync) => T): T => {
    const database = new DatabaseSync(path);
    try {
      return work(database);
    } finally {
      database.close();
    }
  };
  return {
    store: stores[0] as (typeof stores)[number],
    reported,
    reopen: async () => {
      const store = open();
      stores.push(store);
      return store;
    },
    damage: async (id) => {
      raw((database) =>
        database.prepare("UPDATE incidents SET record = '{', summary = '{' WHERE id = ?").run(id),
      );
    },
    damageEvent: async (id, key) => {
      raw((database) => {
        const trigger = database
          .prepare("SELECT sql FROM sqlite_master WHERE name = 'incident_events_are_not_changed'")
          .get();
        database.exec("DROP TRIGGER incident_events_are_not_changed");
        database
          .prepare("UPDATE incident_events SET event = '{' WHERE incident_id = ? AND key = ?")
          .run(id, key);
        database.exec(String(trigger?.["sql"]));
      });
    },
    appendAsNewer: async (event) => {
      const [last] = (await stores[0]?.entries())?.slice(-1) ?? [];
      const { entry, text } = sealedByNewer(event, last);
      const { seq, incidentId, key, event: kind, detail, at, digest, previous, hash } = entry;
      raw((database) => {
        database
          .prepare(
            `INSERT INTO audit (seq, incident_id, key, event, detail, at, digest, previous, hash)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
          )
          .run(seq, incidentId, key, kind, detail, at, String(digest), previous, hash);
        database
          .prepare("INSERT INTO incident_events VALUES (?, ?, ?, ?, ?, ?)")
          .run(seq, incidentId, key, kind, at, text);
      });
    },
    dump: async () =>
      raw((database) =>
        JSON.stringify(TABLES.map((table) => database.prepare(`SELECT * FROM ${table}`).all())),
      ),
    inProcesses: (work) => callInProcesses(child, [path], work),
    dispose: async () => {
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
