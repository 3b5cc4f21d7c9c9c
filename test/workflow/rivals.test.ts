/** Several incidents of one service at the same moment: at most one of them acts. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { createSmallWorld } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const keys = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);

describe.each([10, 0])("with a cooldown of %i minutes", (cooldownMinutes) => {
  const policy = { limits: { cooldownMinutes } };

  it.each(["leak", "spike"] as const)(
    "%s: two incidents in one process make at most one change",
    async (trouble) => {
      const { handle, world, reports } = startWorkflow({ trouble, policy });

      const incidents = await Promise.all(keys(2).map((key) => handle(world.alert({ key }))));

      expect(world.changes().length).toBeLessThanOrEqual(1);
      expect(reports).toHaveLength(2);
      expect(incidents.filter((incident) => incident.status === "resolved").length).toBe(
        world.changes().length,
      );
    },
  );

  it("incidents of several processes that share a store make at most one change", async () => {
    const folder = mkdtempSync(join(tmpdir(), "opsagent-rivals-"));
    const world = createSmallWorld({ trouble: "leak" });
    const agents = keys(4).map(() =>
      startWorkflow({ world, policy, store: createSqliteStore(join(folder, "store.db")) }),
    );

    const incidents = await Promise.all(
      agents.map((agent, index) => agent.handle(world.alert({ key: `alarm-${index}` }))),
    );

    expect(world.changes().length).toBeLessThanOrEqual(1);
    expect(incidents.filter((incident) => incident.status === "failed")).toEqual([]);
  });
});

it("an incident that held back says for whom, and changed nothing", async () => {
  const { handle, world } = startWorkflow({ trouble: "leak" });

  const incidents = await Promise.all(keys(3).map((key) => handle(world.alert({ key }))));

  const heldBack = incidents.filter((incident) => incident.actions[0]?.outcome === "nothing-changed");
  for (const incident of heldBack) {
    expect(incident.summary).toMatch(/OpsAgent held back: incident inc-\S+ is acting on the same service/);
  }
  expect(heldBack.length).toBeGreaterThan(0);
});

it("one alert handled by two processes is one incident", async () => {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-rivals-"));
  const world = createSmallWorld({ trouble: "leak" });
  const [first, second] = [1, 2].map(() =>
    startWorkflow({
      world,
      store: createSqliteStore(join(folder, "store.db")),
      database: join(folder, "executions.db"),
    }),
  );
  const alert = world.alert();

  const incidents = await Promise.all([first?.handle(alert), second?.handle(alert)]);

  expect(incidents[0]).toEqual(incidents[1]);
  expect(world.changes()).toEqual(["stop a"]);
  expect((first?.reports.length ?? 0) + (second?.reports.length ?? 0)).toBe(1);
});
