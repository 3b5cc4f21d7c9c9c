import { execFile } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { admission } from "../../../test/contract/incident-store/admissions.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { keepRecord, keepWord } from "../../../test/support/keep-record.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { summaryOf } from "../../domain/incident/incident-summary.ts";
import { MIGRATIONS } from "./migrations.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const run = promisify(execFile);
const at = "2026-11-23T07:00:00.000Z";
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-store-"));
  path = join(folder, "store.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

const openingFault = (file: string): OpsAgentError => {
  try {
    createSqliteStore(file).close();
  } catch (error) {
    if (error instanceof OpsAgentError) return error;
    throw error;
  }
  throw new Error("the store opened");
};

const raw = (sql: string, file = path) => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
};

describe("the file", () => {
  it("is made with its folders, for its owner only", async () => {
    const nested = join(folder, "var", "lib", "store.db");

    const store = createSqliteStore(nested);
    await store.claim("key", at);

    const modes = readdirSync(join(folder, "var", "lib")).map(
      (file) => statSync(join(folder, "var", "lib", file)).mode & 0o777,
    );
    store.close();
    expect(modes.length).toBeGreaterThanOrEqual(2);
    expect(new Set(modes)).toEqual(new Set([0o600]));
  });

  it("is closed to others where it was open to them", () => {
    writeFileSync(path, "", { mode: 0o644 });

    createSqliteStore(path).close();

    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("of another program is left as it is, its rights and tables too", () => {
    raw("CREATE TABLE customers (name)");
    chmodSync(path, 0o644);
    const before = readFileSync(path);

    const error = openingFault(path);

    expect(error).toMatchObject({ code: "store-failed", remedy: expect.stringContaining("OPSAGENT_STORE") });
    expect(error.message).toContain("left as it is");
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(["store.db"]);
  });

  it("is not opened through a link, and what that leads to is left as it is", () => {
    const other = join(folder, "notes");
    writeFileSync(other, "", { mode: 0o644 });
    symlinkSync(other, path);

    expect(openingFault(path).message).toContain("is a link");
    expect(statSync(other)).toMatchObject({ size: 0, mode: 0o100644 });
  });

  it("is written through to the disk, with a write-ahead log", async () => {
    createSqliteStore(path).close();

    const database = new DatabaseSync(path);
    const mode = database.prepare("PRAGMA journal_mode").get();
    database.close();

    expect(mode).toEqual({ journal_mode: "wal" });
  });

  it("from a newer version is refused and left as it is", () => {
    createSqliteStore(path).close();
    raw("PRAGMA user_version = 99; CREATE TABLE later (x)");

    const error = openingFault(path);

    expect(error.code).toBe("store-failed");
    expect(error.message).toContain("has version 99");
    expect(error.remedy).toContain("newer OpsAgent");
  });

  it("that is no store gives an error with a remedy", () => {
    writeFileSync(path, "alarms and other things\n".repeat(300), { mode: 0o644 });

    const error = openingFault(path);

    expect(error).toMatchObject({ code: "store-failed", retryable: false });
    expect(error.remedy).toContain("not a store of OpsAgent");
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it.each([
    ["a folder", () => mkdirSync(path)],
    ["below a file", () => writeFileSync(join(folder, "x"), "")],
  ])("that is %s gives an error with a remedy", (name, arrange) => {
    arrange();

    const error = openingFault(name === "a folder" ? path : join(folder, "x", "store.db"));

    expect(error.code).toBe("store-failed");
    expect(error.remedy).toContain("OPSAGENT_STORE");
  });

  it("can be opened by many processes at once on the first day", async () => {
    const program = `
      import { createSqliteStore } from ${JSON.stringify(fileURLToPath(new URL("sqlite-store.ts", import.meta.url)))};
      while (Date.now() < ${Date.now() + 700});
      createSqliteStore(${JSON.stringify(path)}).close();`;
    const start = () => run(process.execPath, ["--input-type=module", "-e", program]);

    const ended = await Promise.allSettled([start(), start(), start(), start(), start()]);

    expect(ended.map((result) => result.status)).toEqual(Array(5).fill("fulfilled"));
  });
});

describe("faults while it runs", () => {
  it("tells that another process holds the store, and that a retry can help", async () => {
    const store = createSqliteStore(path, { busyTimeoutMs: 20 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");

    const error = await store.claim("key", at).catch((thrown: unknown) => thrown);

    other.close();
    store.close();
    expect(error).toMatchObject({ code: "store-failed", retryable: true });
    expect(error).toMatchObject({ remedy: expect.stringContaining("Another process") });
  });

  it("tells a full disk", async () => {
    // A limit on the size of files stands for the disk's end: the write fails in the same way.
    const program = `
      import { createSqliteStore } from ${JSON.stringify(fileURLToPath(new URL("sqlite-store.ts", import.meta.url)))};
      const store = createSqliteStore(${JSON.stringify(path)});
      const raw = "x".repeat(50_000);
      for (let i = 0; i < 100; i++) {
        try { await store.keepUnreadable({ at: "${at}", raw, problem: "too big" }); }
        catch (error) { console.log(error.name, error.code); break; }
      }`;

    const { stdout } = await run("/bin/sh", [
      "-c",
      'ulimit -f 1000; exec "$0" --input-type=module -e "$1"',
      process.execPath,
      program,
    ]);

    expect(stdout.trim()).toBe("OpsAgentError store-failed");
  });

  it("tells that it was closed", async () => {
    const store = createSqliteStore(path);
    store.close();
    store.close();

    await expect(keepRecord(store, resolvedIncident())).rejects.toMatchObject({ code: "store-failed" });
  });

  it("answers no past actions at all rather than some of them", async () => {
    const store = createSqliteStore(path);
    const action = { incidentId: "inc-7", cluster: "c", service: "s", action: "scale", cause: "unknown", at };
    await store.recordAction(action);
    raw(`UPDATE actions SET record = '{"incidentId":"inc-7"}'`);

    const error = await store.actionsSince(at).catch((thrown: unknown) => thrown);

    store.close();
    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("inc-7") });
  });
});

it("keeps the newest thousand of the events nobody could read", async () => {
  const store = createSqliteStore(path);
  raw(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
       INSERT INTO unreadable_events SELECT i, '${at}', 'old', 'not JSON' FROM n`);

  await store.keepUnreadable({ at, raw: "newest", problem: "not JSON" });

  store.close();
  const database = new DatabaseSync(path);
  const kept = database.prepare(
    "SELECT count(*) AS count, max(raw = 'newest') AS newest FROM unreadable_events",
  );
  expect(kept.get()).toEqual({ count: 1_000, newest: 1 });
  database.close();
});

describe("the audit trail's table", () => {
  it.each([
    ["changes an entry", "UPDATE audit SET detail = 'nothing' WHERE seq = 1"],
    ["removes an entry", "DELETE FROM audit WHERE seq = 2"],
    ["removes all", "DELETE FROM audit"],
    ["replaces an entry", "INSERT OR REPLACE INTO audit SELECT 1, 'a', 'b', 'c', 'd', 'e', 'f', 'g', NULL"],
    ["leaves a hole", "INSERT INTO audit SELECT 9, 'a', 'b', 'c', 'd', 'e', 'f', 'g', NULL"],
  ])("refuses a statement that %s", async (_, sql) => {
    const store = createSqliteStore(path);
    for (const key of ["a", "b"]) {
      await keepWord(store, { incidentId: "inc-1", key, event: "incident-opened", detail: "", at });
    }
    const before = await store.entries();

    expect(() => raw(sql)).toThrow("only added to");

    expect(await store.entries()).toEqual(before);
    store.close();
  });
});

it("brings a file of the first version up to date and keeps what it holds", async () => {
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1; INSERT INTO claims VALUES ('key', '${at}')`);
  old.close();

  const store = createSqliteStore(path);

  expect(await store.claim("key", at)).toBe(false);
  expect(await store.open()).toEqual([]);
  expect(await store.entries()).toEqual([]);
  store.close();
});

it("grants nothing, joins nothing and answers nothing that it can no longer read", async () => {
  const store = createSqliteStore(path);
  const knock = admission();
  await store.attachOrOpen(knock);
  raw("UPDATE places SET record = '{'");
  const record = {
    incidentId: "inc-9",
    cluster: "production",
    service: "payment-service",
    action: "restart",
    cause: "unknown",
    at,
  };
  const limits = { cooldownMinutes: 0, actionsPerHour: 9, blastRadiusServices: 9 };

  const faults = await Promise.all(
    [
      store.reserve({ record, limits, approved: true, atWorkMinutes: 0 }),
      store.attachOrOpen(admission({ alarm: "cpu" })),
      store.extendLock(knock.incidentId, at),
    ].map((work) => work.catch((error: unknown) => error)),
  );

  store.close();
  expect(faults).toMatchObject(Array(3).fill({ code: "store-failed" }));
});

it("summarises records that an older version wrote, and lists them where they belong", async () => {
  const old = new DatabaseSync(path);
  old.exec(`${MIGRATIONS[0]}; ${MIGRATIONS[1]}; PRAGMA user_version = 2`);
  const insert = old.prepare("INSERT INTO incidents (id, service, opened_at, record) VALUES (?, ?, ?, ?)");
  insert.run(resolvedIncident().id, "payment-service", 1, JSON.stringify(resolvedIncident()));
  insert.run("inc-damaged", "payment-service", 2, "{");
  old.close();

  const store = createSqliteStore(path);
  const all = await store.summaries();
  const resolved = await store.summaries({ listedAs: ["resolved"] });

  expect(all.summaries).toEqual([summaryOf(resolvedIncident())]);
  expect(resolved.summaries).toEqual(all.summaries);
  store.close();
});
