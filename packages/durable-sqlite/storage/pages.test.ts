import type { DurableContext } from "@aws/durable-execution-sdk-js";
import { expect, test } from "vitest";
import { openCallback, openEngine, scratchFile } from "../../../test/support/durable-engine.ts";
import { createEngineClock } from "../clock.ts";
import { findExecution } from "./execution-store.ts";
import { openDatabase } from "./open-database.ts";
import { MAX_PAGE_ITEMS, readPage } from "./pages.ts";

test("a history of several pages is replayed whole", async () => {
  let bodies = 0;
  const steps = MAX_PAGE_ITEMS + 200;
  const engine = openEngine(async (_input, context) => {
    let sum = 0;
    for (let step = 0; step < steps; step++) {
      sum += await context.step(`step-${step}`, async () => {
        bodies += 1;
        return 1;
      });
    }
    await context.waitForCallback("approve", async () => {});
    return sum;
  });
  await engine.start("long", null);

  await engine.completeCallback(await openCallback(engine, "long"), "yes");

  expect(await engine.waitFor("long")).toEqual({ status: "SUCCEEDED", output: steps });
  expect(bodies).toBe(steps);
});

test("pages leave out what lies below an ended context, and follow their markers", async () => {
  const database = scratchFile();
  const workflow = async (_input: unknown, context: DurableContext) => {
    await context.runInChildContext("ended", async (outer) =>
      outer.runInChildContext("inner", async (inner) => inner.step("hidden", async () => 1)),
    );
    await context.runInChildContext("open", async (child) => {
      await child.step("seen", async () => 2);
      await child.waitForCallback("approve", async () => {});
    });
  };
  const engine = openEngine(workflow, { database });
  await engine.start("one", null);
  await openCallback(engine, "one");
  await engine.stop();
  const store = openDatabase(database, 1000);
  const execution = findExecution(store, "name", "one");
  if (!execution) throw new Error("missing");

  const names: (string | undefined)[] = [];
  let marker: string | undefined;
  let pages = 0;
  do {
    const page = readPage(store, createEngineClock(), execution, marker, 2);
    names.push(...page.Operations.map((operation) => operation.Name ?? operation.Type));
    marker = page.NextMarker;
    pages += 1;
  } while (marker);
  store.close();

  expect(names).toEqual(["one", "ended", "open", "seen", "approve", "CALLBACK", "STEP"]);
  expect(pages).toBe(3);
});
