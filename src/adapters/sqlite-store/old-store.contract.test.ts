import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oldStoreContract } from "../../../test/contract/old-store.contract.ts";
import { writeOldSqlite } from "../../../test/support/store-before-events.ts";
import { createSqliteStore } from "./sqlite-store.ts";

oldStoreContract("SQLite", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-store-"));
  const path = join(folder, "store.db");
  writeOldSqlite(path);
  const store = createSqliteStore(path);
  return {
    ...store,
    close: () => {
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
