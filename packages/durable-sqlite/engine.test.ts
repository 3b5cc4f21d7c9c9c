import { expect, test } from "vitest";
import { openCallback, openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";

const pass = async (input: unknown) => input;

test("start: one name is one execution, whatever the payload", async () => {
  const engine = openEngine(pass);

  const first = await engine.start("alarm", { a: 1, b: 2 });
  const again = await engine.start("alarm", { b: 2, a: 1 });
  const other = await engine.start("alarm", { a: 2 });

  expect(first).toMatchObject({ created: true, samePayload: true });
  expect(again).toEqual({ executionArn: first.executionArn, created: false, samePayload: true });
  expect(other).toEqual({ executionArn: first.executionArn, created: false, samePayload: false });
  expect(await engine.waitFor("alarm")).toEqual({ status: "SUCCEEDED", output: { a: 1, b: 2 } });
});

test("fifty starts of one name at once make one execution", async () => {
  const engine = openEngine(pass);

  const starts = await Promise.all(Array.from({ length: 50 }, () => engine.start("alarm", 1)));

  expect(starts.filter(({ created }) => created)).toHaveLength(1);
  expect(await engine.list()).toHaveLength(1);
});

test("result and waitFor: a name nobody started is an error", async () => {
  const engine = openEngine(pass);

  await expect(engine.result("nothing")).rejects.toMatchObject({ code: "execution-not-found" });
  await expect(engine.waitFor("nothing")).rejects.toMatchObject({ code: "execution-not-found" });
});

test("waitFor: gives up when its signal aborts, and when the engine stops", async () => {
  const engine = openEngine(async (_input, context) => context.waitForCallback("never", async () => {}));
  await engine.start("stuck", null);
  const abort = new AbortController();
  const aborted = engine.waitFor("stuck", { signal: abort.signal });
  const stopped = engine.waitFor("stuck");

  abort.abort(new Error("enough"));
  await expect(aborted).rejects.toThrow("enough");
  void engine.stop();

  await expect(stopped).rejects.toMatchObject({ code: "engine-stopped" });
});

test("a failed workflow reports the type and message of its error", async () => {
  const engine = openEngine(async () => {
    throw new RangeError("too much");
  });

  await engine.start("bad", null);

  expect(await engine.waitFor("bad")).toEqual({
    status: "FAILED",
    error: { type: "RangeError", message: "too much" },
  });
});

test("a wait of one second takes one second", async () => {
  const engine = openEngine(async (_input, context) => context.wait({ seconds: 1 }), { pollMs: 50 });
  const begun = performance.now();

  await engine.start("pause", null);
  await engine.waitFor("pause");

  const took = performance.now() - begun;
  expect(took).toBeGreaterThan(990);
  expect(took).toBeLessThan(1100);
  expect(await engine.list()).toMatchObject([{ invocations: 2 }]);
});

test("nothing wakes an execution for a timer nobody waits for any more", async () => {
  const engine = openEngine(
    async (_input, context) => {
      const branches = [
        async () => 1,
        async (branch: typeof context) => {
          await branch.wait("left over", { seconds: 1 });
          return 2;
        },
      ];
      await context.parallel("any", branches, { completionConfig: { minSuccessful: 1 } });
      return context.waitForCallback("approve", async () => {});
    },
    { clock: () => Date.now() * 20 },
  );
  await engine.start("one", null);
  await openCallback(engine, "one");

  await new Promise((resolve) => setTimeout(resolve, 150));

  expect(await engine.list()).toMatchObject([{ invocations: 1 }]);
});

test("list and operations describe what is there", async () => {
  const engine = openEngine(async (_input, context) => {
    await context.step("read", async () => 1);
    return context.waitForCallback("approve", async () => {});
  });
  await engine.start("one", null);
  await until(async () => (await engine.operations("one")).length === 4);

  const operations = await engine.operations("one");

  expect(await engine.list({ status: "RUNNING" })).toMatchObject([{ name: "one", codeVersion: "1" }]);
  expect(await engine.list({ status: "FAILED" })).toEqual([]);
  expect(operations.map(({ type, name }) => [type, name])).toEqual([
    ["STEP", "read"],
    ["CONTEXT", "approve"],
    ["CALLBACK", undefined],
    ["STEP", undefined],
  ]);
});

test("purge forgets what ended before, and frees its name", async () => {
  const engine = openEngine(pass);
  await engine.start("old", 1);
  await engine.waitFor("old");

  const kept = await engine.purge(Date.now() - 60_000);
  const purged = await engine.purge(Date.now() + 1);

  expect([kept, purged]).toEqual([0, 1]);
  expect(await engine.start("old", 1)).toMatchObject({ created: true });
});

test("hundreds of executions share a few invocations at a time", async () => {
  let running = 0;
  let most = 0;
  const workflow = async (input: unknown) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
    return input;
  };
  const engine = openEngine(workflow, { maxConcurrentInvocations: 10 });
  const names = Array.from({ length: 200 }, (_, index) => `alarm-${index}`);

  for (const name of names) await engine.start(name, name);
  const results = await Promise.all(names.map((name) => engine.waitFor(name)));

  expect(results.map((result) => result.status)).not.toContain("FAILED");
  expect(most).toBeLessThanOrEqual(10);
});

test("what can wait runs after the others, on a third of the slots, and is not forgotten", async () => {
  const began: string[] = [];
  let [running, most] = [0, 0];
  const workflow = async (input: unknown) => {
    const waits = String(input).startsWith("unknown");
    began.push(String(input));
    if (waits) running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (waits) running -= 1;
    return input;
  };
  const engine = openEngine(workflow, {
    maxConcurrentInvocations: 6,
    canWait: (name) => name.startsWith("unknown"),
  });
  const unknown = Array.from({ length: 60 }, (_, index) => `unknown-${index}`);
  const known = ["known-1", "known-2"];

  await Promise.all([...unknown, ...known].map((name) => engine.start(name, name)));
  await Promise.all([...unknown, ...known].map((name) => engine.waitFor(name)));

  expect(began).toHaveLength(62);
  expect(most).toBeLessThanOrEqual(2);
  expect(Math.max(...known.map((name) => began.indexOf(name)))).toBeLessThan(20);
});

test("context.invoke fails the execution and says why", async () => {
  const engine = openEngine(async (_input, context) => context.invoke("another-function", {}));

  await engine.start("invoke", null);

  expect(await engine.waitFor("invoke")).toMatchObject({
    status: "FAILED",
    error: { message: expect.stringContaining("context.invoke is not available") },
  });
});

test("a branch's wait ends on time while another branch is busy", async () => {
  const ends: string[] = [];
  const engine = openEngine(async (_input, context) => {
    await context.parallel("both", [
      async (branch) => {
        await branch.wait({ seconds: 1 });
        await branch.step("waited", async () => ends.push("waited"));
      },
      async (branch) => {
        await branch.step("busy", () => new Promise((resolve) => setTimeout(resolve, 1300)));
        ends.push("worked");
      },
    ]);
    return ends;
  });

  await engine.start("one", null);

  expect(await engine.waitFor("one")).toMatchObject({ output: ["waited", "worked"] });
});

test("a worker of another version can wait for a result", async () => {
  const database = scratchFile();
  const engine = openEngine(pass, { database });
  const other = openEngine(pass, { database, codeVersion: "2" });
  await engine.start("one", 1);

  expect(await other.waitFor("one")).toEqual({ status: "SUCCEEDED", output: 1 });
});

test("a stopped engine refuses work, and stopping twice is harmless", async () => {
  const engine = openEngine(pass, { database: scratchFile() });

  await Promise.all([engine.stop(), engine.stop()]);

  await expect(engine.start("late", 1)).rejects.toMatchObject({ code: "engine-stopped" });
  await expect(engine.list()).rejects.toMatchObject({ code: "engine-stopped" });
});
