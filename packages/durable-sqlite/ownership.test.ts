import { DatabaseSync } from "node:sqlite";
import type { DurableContext } from "@aws/durable-execution-sdk-js";
import { expect, test } from "vitest";
import { atMostOnce, openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";

/** A workflow whose one step hangs until the test lets it go. */
function createHeld() {
  const release = Promise.withResolvers<string>();
  const bodies: string[] = [];
  const workflow = (worker: string) => async (_input: unknown, context: DurableContext) =>
    context
      .step(
        "act",
        async () => {
          bodies.push(worker);
          return release.promise;
        },
        atMostOnce,
      )
      .catch((error: unknown) =>
        error instanceof Error && error.cause instanceof Error ? error.cause.name : "",
      );
  return { release, bodies, workflow };
}

/** As after a partition: every worker is taken for dead while it still runs. */
function takeForDead(database: string): void {
  const direct = new DatabaseSync(database);
  direct.exec("DELETE FROM workers");
  direct.close();
}

test("a second worker leaves a running step alone, however long it runs", async () => {
  const database = scratchFile();
  const { release, bodies, workflow } = createHeld();
  const first = openEngine(workflow("first"), { database, leaseMs: 50 });
  const second = openEngine(workflow("second"), { database, leaseMs: 50 });
  await first.start("one", null);
  await until(() => bodies.length === 1);

  const takenOver = await second.resume();
  await second.start("one", null);
  await new Promise((resolve) => setTimeout(resolve, 250));
  release.resolve("done");

  expect(takenOver).toBe(0);
  expect(await second.waitFor("one")).toEqual({ status: "SUCCEEDED", output: "done" });
  expect(bodies).toEqual(["first"]);
});

test("a worker that lost its execution can store nothing more", async () => {
  const database = scratchFile();
  const { release, bodies, workflow } = createHeld();
  const first = openEngine(workflow("first"), { database });
  const second = openEngine(workflow("second"), { database });
  await first.start("one", null);
  await until(() => bodies.length === 1);
  takeForDead(database);

  const takenOver = await second.resume();
  const result = await second.waitFor("one");
  release.resolve("too late");
  await until(() => first.faults.length > 0);

  expect(takenOver).toBe(1);
  expect(result).toEqual({ status: "SUCCEEDED", output: "StepInterruptedError" });
  expect(await first.result("one")).toEqual(result);
  expect(first.faults).toEqual([expect.stringContaining("Invalid Checkpoint Token")]);
  expect(bodies).toEqual(["first"]);
});

test("what a lost worker brings is refused while the new one still runs, be it a checkpoint or a result", async () => {
  const database = scratchFile();
  const held = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() };
  const entered: string[] = [];
  const workflow =
    (worker: "first" | "second", checkpoint: boolean) => async (_input: unknown, context: DurableContext) => {
      await context.step("before", async () => 1);
      entered.push(worker);
      await held[worker].promise;
      return checkpoint ? context.step("after", async () => worker) : worker;
    };
  const first = openEngine(workflow("first", false), { database });
  const second = openEngine(workflow("second", false), { database });
  const firstAgain = openEngine(workflow("first", true), { database });
  await first.start("result", null);
  await firstAgain.start("checkpoint", null);
  await until(() => entered.length === 2);
  takeForDead(database);
  await second.resume();
  await until(() => entered.length === 4);

  held.first.resolve();
  await until(() => firstAgain.faults.length > 0);
  const whileSecondRuns = [await second.result("result"), await second.result("checkpoint")];
  held.second.resolve();

  expect(whileSecondRuns).toEqual([{ status: "RUNNING" }, { status: "RUNNING" }]);
  expect(await first.waitFor("result")).toEqual({ status: "SUCCEEDED", output: "second" });
  expect(await first.waitFor("checkpoint")).toEqual({ status: "SUCCEEDED", output: "second" });
  expect(firstAgain.faults).toEqual([expect.stringContaining("Invalid Checkpoint Token")]);
});

test("a worker out of sight is gone only when its heartbeat stands still for a whole lease", async () => {
  const database = scratchFile();
  const { release, bodies, workflow } = createHeld();
  const first = openEngine(workflow("first"), { database, leaseMs: 60_000 });
  const second = openEngine(workflow("second"), { database, leaseMs: 100 });
  await first.start("one", null);
  await until(() => bodies.length === 1);
  const direct = new DatabaseSync(database);
  direct.exec(`UPDATE workers SET process = '{"scope":"another container","pid":1}'`);
  const beating = setInterval(() => direct.exec("UPDATE workers SET beat = beat + 1"), 20);

  await second.resume();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const whileBeating = await second.result("one");
  clearInterval(beating);
  const whenSilent = await second.waitFor("one");
  direct.close();
  release.resolve("too late");

  expect(whileBeating).toEqual({ status: "RUNNING" });
  expect(whenSilent).toMatchObject({ output: "StepInterruptedError" });
});

test("an execution of another version is left alone, or failed, but never replayed", async () => {
  const database = scratchFile();
  const workflow = async (_input: unknown, context: DurableContext) =>
    context.waitForCallback("approve", async () => {});
  const old = openEngine(workflow, { database, codeVersion: "1" });
  await old.start("one", null);
  await until(async () => (await old.operations("one")).length > 1);
  await old.stop();
  const mismatches: unknown[] = [];
  const careful = openEngine(workflow, { database, codeVersion: "2" });
  const strict = openEngine(workflow, {
    database,
    codeVersion: "2",
    onVersionMismatch: (mismatch) => {
      mismatches.push(mismatch);
      return "fail";
    },
  });

  const taken = await careful.resume();
  const left = await careful.result("one");
  await strict.resume();

  expect([taken, left]).toEqual([0, { status: "RUNNING" }]);
  expect(careful.faults).toEqual([expect.stringContaining("begun by version 1, this is version 2")]);
  expect(mismatches).toEqual([{ name: "one", storedVersion: "1", runningVersion: "2" }]);
  expect(await strict.result("one")).toMatchObject({
    status: "FAILED",
    error: { type: "CodeVersionMismatch" },
  });
});
