/** What changes the world runs at most once, and what only reads runs again: a process that dies inside tells which. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { openIncident } from "../../src/domain/incident/incident-fold.ts";
import { createDurableSteps, type DurableSteps } from "../../src/workflow/durable-steps.ts";
import { resolvedIncident } from "../samples/incidents.ts";

const never = () => new Promise<never>(() => {});

/** As after the death of its process: who holds the execution is not known any more, and another one takes it over. */
function takeForDead(database: string): void {
  const direct = new DatabaseSync(database);
  direct.exec("DELETE FROM workers");
  direct.close();
}

/** Runs the work in a process that dies inside it, and again in one that comes after it. Returns what that gives. */
async function dieInside(start: (run: DurableSteps, work: () => Promise<string>) => Promise<string>) {
  const database = join(mkdtempSync(join(tmpdir(), "opsagent-once-")), "durable.db");
  let calls = 0;
  let begun = () => {};
  const inside = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const engineWhere = (work: () => Promise<string>) => {
    const engine = createDurableEngine<null, string>({
      database,
      codeVersion: "1",
      pollMs: 2,
      onError: () => {},
      workflow: (_, context) => {
        const run = createDurableSteps(context, {
          opened: openIncident(resolvedIncident().alert, "rules"),
          now: () => new Date(),
          store: { append: async () => {} },
          happened: async () => {},
          folded: () => {},
          onUnrecorded: () => {},
        });
        return start(run, () => {
          calls += 1;
          begun();
          return work();
        });
      },
    });
    onTestFinished(() => engine.stop({ timeoutMs: 0 }));
    return engine;
  };
  const first = engineWhere(never);
  await first.start("incident", null);
  await inside;
  takeForDead(database);
  const second = engineWhere(async () => "made");
  await second.resume();
  const result = await second.waitFor("incident");
  return { calls, output: result.status === "SUCCEEDED" ? result.output : result.error.message };
}

it("a change that broke off is not made again, and nobody says that it was made", async () => {
  const begun = { kind: "notified", channel: "nobody", what: "it begins" } as const;

  const { calls, output } = await dieInside(async (run, work) => {
    const made = await run.once("stop-task", begun, work);
    return made === undefined ? "unknown" : made.value;
  });

  expect({ calls, output }).toEqual({ calls: 1, output: "unknown" });
});

it("a read that broke off is made again", async () => {
  const { calls, output } = await dieInside(async (run, work) => (await run.step("observe", work)).value);

  expect({ calls, output }).toEqual({ calls: 2, output: "made" });
});
