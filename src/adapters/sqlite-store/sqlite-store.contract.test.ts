import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { callInProcesses } from "../../../test/contract/incident-store/store-process.ts";
import { incidentStoreContract } from "../../../test/contract/incident-store.contract.ts";
import type { OpsAgentError } from "../../domain/errors.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const child = fileURLToPath(new URL("../../../test/contract/sqlite-process.ts", import.meta.url));
const TABLES = [
  "incidents",
  "claims",
  "actions",
  "unreadable_events",
  "seen_alerts",
  "places",
  "open_incidents",
  "joined_alerts",
  "approvals",
  "audit",
  "judgements",
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
      raw((database) => database.prepare("UPDATE incidents SET record = '{' WHERE id = ?").run(id));
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
