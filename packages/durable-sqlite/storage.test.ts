import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { atMostOnce, openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";
import { createEngineClock } from "./clock.ts";
import { invoke } from "./invocation.ts";
import { createDatabase } from "./storage/database.ts";
import { findExecution, insertExecution } from "./storage/execution-store.ts";
import { migrate } from "./storage/schema.ts";

test("the file is private and uses the write-ahead log", async () => {
  const database = scratchFile();

  openEngine(async () => 1, { database });

  expect(statSync(database).mode & 0o777).toBe(0o600);
  expect(statSync(`${database}-wal`).mode & 0o777).toBe(0o600);
  const direct = new DatabaseSync(database);
  expect(direct.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
  direct.close();
});

test("a database of a newer program is refused and left as it is", () => {
  const database = scratchFile();
  const direct = new DatabaseSync(database);
  direct.exec("PRAGMA user_version = 999");
  direct.close();

  expect(() => openEngine(async () => 1, { database })).toThrow(
    expect.objectContaining({ code: "schema-too-new" }),
  );
});

test("a short lock by another process is waited for", async () => {
  const database = scratchFile();
  const engine = openEngine(async (_input, context) => context.step("read", async () => 1), { database });
  const other = new DatabaseSync(database);
  other.exec("BEGIN IMMEDIATE");
  setTimeout(() => other.exec("COMMIT"), 300);

  await engine.start("one", null);

  expect(await engine.waitFor("one")).toEqual({ status: "SUCCEEDED", output: 1 });
  expect(engine.faults).toEqual([]);
  other.close();
});

test("a long lock ends the call or the invocation with an error, and the execution goes on after it", async () => {
  const database = scratchFile();
  const other = new DatabaseSync(database);
  const reached = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const engine = openEngine(
    async (_input, context) =>
      context.step("read", async () => {
        reached.resolve();
        await locked.promise;
        return 1;
      }),
    { database, busyTimeoutMs: 150 },
  );
  await engine.start("one", null);
  await reached.promise;

  other.exec("BEGIN IMMEDIATE");
  locked.resolve();
  await expect(engine.start("two", null)).rejects.toThrow("database is locked");
  await until(() => engine.faults.some((fault) => fault.includes("Checkpoint failed: database is locked")));
  other.exec("COMMIT");

  expect(await engine.waitFor("one")).toEqual({ status: "SUCCEEDED", output: 1 });
  other.close();
});

test("an invocation that failed is tried again after a pause", async () => {
  const entries: number[] = [];
  const unreadable = {
    serialize: async () => {
      if (entries.length < 2) throw new Error("unreadable");
      return "1";
    },
    deserialize: async () => 1,
  };
  const engine = openEngine(async (_input, context) => {
    entries.push(performance.now());
    return context.step("read", async () => 1, { serdes: unreadable });
  });

  await engine.start("one", null);

  expect(await engine.waitFor("one")).toEqual({ status: "SUCCEEDED", output: 1 });
  expect(engine.faults).toHaveLength(1);
  expect((entries[1] ?? 0) - (entries[0] ?? 0)).toBeGreaterThan(150);
});

test("after a failed checkpoint nothing is replayed until the bodies still running have ended", async () => {
  const database = scratchFile();
  const other = new DatabaseSync(database);
  const events: string[] = [];
  const reached = Promise.withResolvers<void>();
  const locked = Promise.withResolvers<void>();
  const acted = Promise.withResolvers<void>();
  const engine = openEngine(
    async (_input, context) => {
      events.push("entered");
      const act = context
        .step(
          "act",
          async () => {
            reached.resolve();
            await acted.promise;
            events.push("acted");
          },
          atMostOnce,
        )
        .catch((error: unknown) =>
          error instanceof Error && error.cause instanceof Error ? error.cause.name : "",
        );
      await context.step("read", async () => locked.promise);
      return act;
    },
    { database, busyTimeoutMs: 50 },
  );
  await engine.start("one", null);
  await reached.promise;

  other.exec("BEGIN IMMEDIATE");
  locked.resolve();
  await new Promise((resolve) => setTimeout(resolve, 150));
  other.exec("COMMIT");
  await new Promise((resolve) => setTimeout(resolve, 400));
  acted.resolve();

  expect(await engine.waitFor("one")).toMatchObject({ output: "StepInterruptedError" });
  expect(events).toEqual(["entered", "acted", "entered"]);
  expect(engine.faults).toContainEqual(expect.stringContaining("database is locked"));
  other.close();
});

test("a full disk ends the invocation, spoils nothing, and the execution goes on when there is room", async () => {
  const connection = new DatabaseSync(scratchFile());
  connection.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  migrate(connection);
  const database = createDatabase(connection, 1000);
  const clock = createEngineClock();
  const fresh = { name: "one", payloadHash: "", codeVersion: "1", input: "{}", owner: "me" };
  const { id } = await database.write(() => insertExecution(database, fresh, clock.now()));
  let bodies = 0;
  const workflow = async (
    _input: unknown,
    context: Parameters<Parameters<typeof openEngine>[0]>[1],
  ): Promise<number> => {
    const text = await context.step("large", async () => {
      bodies += 1;
      return "x".repeat(200_000);
    });
    return text.length;
  };
  const dependencies = { database, clock, owner: "me", workflow };
  const { page_count: pages } = connection.prepare("PRAGMA page_count").get() ?? {};

  connection.exec(`PRAGMA max_page_count = ${Number(pages) + 5}`);
  const full = await invoke(dependencies, id).end;
  const integrity = connection.prepare("PRAGMA integrity_check").get();
  const between = findExecution(database, "id", id);
  connection.exec("PRAGMA max_page_count = 1000000");
  const roomy = await invoke(dependencies, id).end;

  expect(full).toMatchObject({ kind: "faulted", error: { message: expect.stringContaining("full") } });
  expect(integrity).toEqual({ integrity_check: "ok" });
  expect(between).toMatchObject({ status: "RUNNING" });
  expect(roomy).toEqual({ kind: "ended" });
  expect(findExecution(database, "id", id)).toMatchObject({ status: "SUCCEEDED", output: "200000" });
  expect(bodies).toBe(2);
  database.close();
});
