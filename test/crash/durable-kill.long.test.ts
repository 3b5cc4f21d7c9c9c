import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KILL_POINTS } from "./durable-incident.ts";
import { createScratch, launch, readLog, startApprover } from "./durable-processes.ts";

/** What the act step must have done, and what the workflow must have been told of it. */
const ACT: Record<string, { effects: number; told: string }> = {
  "before-effect": { effects: 0, told: "unknown" },
  "after-effect": { effects: 1, told: "unknown" },
};

describe("an incident whose process is killed", () => {
  const scratch = createScratch();
  let approver: ReturnType<typeof startApprover>;

  beforeAll(() => {
    approver = startApprover(scratch.database);
  });

  afterAll(() => approver.stop());

  test.concurrent.each(KILL_POINTS)("%s: ends after a restart, acted on once", async (point) => {
    const log = scratch.log(point);

    const killed = await launch(scratch.database, point, log, point).exit;
    const restarted = await launch(scratch.database, point, log).exit;

    const { effects, told } = ACT[point] ?? { effects: 1, told: "done" };
    expect(killed).toMatchObject({ signal: "SIGKILL" });
    expect(restarted, restarted.errors).toMatchObject({ code: 0 });
    expect(JSON.parse(restarted.output)).toEqual({
      created: false,
      result: {
        status: "SUCCEEDED",
        output: { approval: "yes", act: told, polls: 2, report: "resolved" },
      },
    });
    expect(readLog(log).filter((line) => line === "ACT")).toHaveLength(effects);
  });

  test.concurrent("asks again with the same callback when killed while asking", async () => {
    const log = scratch.log("ask-twice");

    await launch(scratch.database, "ask-twice", log, "in-submitter").exit;
    await launch(scratch.database, "ask-twice", log).exit;

    const asked = readLog(log).filter((line) => line.startsWith("asked "));
    expect(asked).toHaveLength(2);
    expect(new Set(asked).size).toBe(1);
  });
});
