import type { DurableContext } from "@aws/durable-execution-sdk-js";
import { expect, test } from "vitest";
import { atMostOnce, openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";

test("stop: the running at-most-once step is stored, the next one begins after the restart", async () => {
  const database = scratchFile();
  const effects: string[] = [];
  const release = Promise.withResolvers<void>();
  const workflow = async (_input: unknown, context: DurableContext) => {
    const first = await context.step(
      "first",
      async () => {
        effects.push("first");
        await release.promise;
        return 1;
      },
      atMostOnce,
    );
    const second = await context.step(
      "second",
      async () => {
        effects.push("second");
        return 2;
      },
      atMostOnce,
    );
    return [first, second];
  };
  const before = openEngine(workflow, { database });
  await before.start("one", null);
  await until(() => effects.length === 1);

  const stopped = before.stop();
  release.resolve();
  await stopped;
  const atStop = [...effects];
  const after = openEngine(workflow, { database });
  const resumed = await after.resume();

  expect(atStop).toEqual(["first"]);
  expect(resumed).toBe(1);
  expect(await after.waitFor("one")).toEqual({ status: "SUCCEEDED", output: [1, 2] });
  expect(effects).toEqual(["first", "second"]);
});

test("stop: a branch that is done waits for the one that is not", async () => {
  const database = scratchFile();
  const effects: string[] = [];
  const slow = Promise.withResolvers<void>();
  const quick = Promise.withResolvers<void>();
  const act = (name: string, until?: Promise<void>) => async () => {
    effects.push(name);
    await until;
    return name;
  };
  const workflow = async (_input: unknown, context: DurableContext) => {
    const batch = await context.parallel("both", [
      async (branch) => branch.step("slow", act("slow", slow.promise), atMostOnce),
      async (branch) => {
        await branch.step("quick", act("quick", quick.promise), atMostOnce);
        return branch.step("next", act("next"), atMostOnce);
      },
    ]);
    return batch.getResults();
  };
  const before = openEngine(workflow, { database });
  await before.start("one", null);
  await until(() => effects.length === 2);

  const stopped = before.stop();
  quick.resolve();
  await new Promise((resolve) => setTimeout(resolve, 50));
  slow.resolve();
  await stopped;
  const atStop = [...effects];
  const after = openEngine(workflow, { database });
  await after.resume();

  expect(atStop).toEqual(["slow", "quick"]);
  expect(await after.waitFor("one")).toEqual({ status: "SUCCEEDED", output: ["slow", "next"] });
  expect(effects).toEqual(["slow", "quick", "next"]);
});

test("stop: a body that takes too long is left behind, and its step counts as interrupted", async () => {
  const database = scratchFile();
  let bodies = 0;
  const workflow = async (_input: unknown, context: DurableContext) =>
    context.step(
      "hangs",
      async () => {
        bodies += 1;
        return new Promise<string>(() => {});
      },
      atMostOnce,
    );
  const before = openEngine(workflow, { database });
  await before.start("one", null);
  await until(() => bodies === 1);
  const begun = performance.now();

  await before.stop({ timeoutMs: 50 });

  expect(performance.now() - begun).toBeLessThan(500);
  // The process still lives, so the step may still be running: nobody takes the execution over.
  const after = openEngine(workflow, { database });
  expect(await after.resume()).toBe(0);
});
