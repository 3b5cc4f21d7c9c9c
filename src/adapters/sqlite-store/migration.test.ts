/** What becomes of a store whose migration is interrupted, and of one that a newer version wrote. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCliProcess } from "../../../test/support/cli-process.ts";
import { writeOldSqlite } from "../../../test/support/store-before-events.ts";
import { MIGRATIONS } from "./migrations.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const OLD_VERSION = 4;
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-migration-"));
  path = join(folder, "store.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = <T>(work: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
};

const versionOf = () => read((database) => database.prepare("PRAGMA user_version").get()?.["user_version"]);
const contents = () =>
  read((database) => {
    const objects = database.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();
    const tables = objects.filter(({ type }) => type === "table").map(({ name }) => String(name));
    return [objects, tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all())];
  });

/** Opens the store in a process that is killed right before its call number `kill` that runs SQL. */
function openAndDie(kill: number) {
  const program = `
    import { DatabaseSync } from "node:sqlite";
    import { createSqliteStore } from ${JSON.stringify(fileURLToPath(new URL("sqlite-store.ts", import.meta.url)))};
    const { exec } = DatabaseSync.prototype;
    let calls = 0;
    DatabaseSync.prototype.exec = function (sql) {
      calls += 1;
      if (calls === ${kill}) {
        console.log(sql.trim().slice(0, 12));
        process.kill(process.pid, "SIGKILL");
        while (true);
      }
      return exec.call(this, sql);
    };
    createSqliteStore(${JSON.stringify(path)}).close();`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
}

describe("a migration whose process is killed", () => {
  // BEGIN, the migrations, the version, COMMIT: each call is the last one that is not made any more.
  const migrations = MIGRATIONS.slice(OLD_VERSION);
  it.each([
    ...migrations.map((sql, index) => [2 + index, sql.trim().slice(0, 12)] as const),
    [2 + migrations.length, "PRAGMA user_"] as const,
    [3 + migrations.length, "COMMIT"] as const,
  ])("before its call %s (%s) has changed nothing, and is made by who opens it next", async (kill, sql) => {
    writeOldSqlite(path);
    const before = contents();

    const killed = openAndDie(kill);

    expect(killed).toMatchObject({ signal: "SIGKILL", stdout: `${sql}\n` });
    expect(versionOf()).toBe(OLD_VERSION);
    expect(contents()).toEqual(before);
    const store = createSqliteStore(path);
    expect(await store.list()).toHaveLength(5);
    store.close();
    expect(versionOf()).toBe(MIGRATIONS.length);
  });

  it("after its end is complete", async () => {
    writeOldSqlite(path);

    const killed = openAndDie(4 + migrations.length);

    expect(killed.signal).toBe("SIGKILL");
    expect(versionOf()).toBe(MIGRATIONS.length);
    const store = createSqliteStore(path);
    expect(await store.list()).toHaveLength(5);
    store.close();
  });
});

it("a store of a newer version is refused by the commands, with a remedy, and left byte for byte", async () => {
  createSqliteStore(path).close();
  read((database) => database.exec("PRAGMA user_version = 99; CREATE TABLE later (x)"));
  const hash = () => createHash("sha256").update(readFileSync(path)).digest("hex");
  const before = hash();

  const variables = { OPSAGENT_STORE: `sqlite:${path}` };
  const shown = await runCliProcess(["incidents"], { cwd: folder, variables });

  expect(shown.exit).toBe(1);
  expect(shown.stderr).toContain(`has version 99; this OpsAgent knows versions up to ${MIGRATIONS.length}`);
  expect(shown.stderr).toContain("Run the newer OpsAgent that wrote it");
  expect(hash()).toBe(before);
});
