/** Several incidents of one service at the same moment: one of them acts, the others belong to it or hold back. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { createSmallWorld, fastNow } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const keys = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);
const folderFor = () => mkdtempSync(join(tmpdir(), "opsagent-rivals-"));

describe.each([10, 0])("with a cooldown of %i minutes", (cooldownMinutes) => {
  it("alarms that reach several processes at once are one incident and one change", async () => {
    const folder = folderFor();
    const world = createSmallWorld({ trouble: "leak" });
    const agents = keys(4).map(() =>
      startWorkflow({
        world,
        policy: { limits: { cooldownMinutes } },
        store: createSqliteStore(join(folder, "store.db")),
      }),
    );

    const incidents = await Promise.all(
      agents.map((agent, index) => agent.handle(world.alert({ key: `alarm-${index}` }))),
    );

    expect(world.changes()).toEqual(["stop a"]);
    expect(incidents.filter((incident) => incident.closedAt !== undefined)).toHaveLength(1);
    expect(agents.flatMap((agent) => agent.reports)).toMatchObject([{ status: "resolved" }]);
  });
});

it("an incident that finds another action booked meanwhile holds back, and says for whom", async () => {
  const rival = {
    incidentId: "inc-rival",
    cluster: "production",
    service: "shop",
    action: "restart",
    cause: "memory-leak",
  };
  const store = createSqliteStore(":memory:");
  let booked = false;
  const { handle, world } = startWorkflow({
    trouble: "leak",
    store,
    hook: {
      before: (call) => {
        if (call !== "store.extendLock" || booked) return;
        booked = true;
        store.recordAction({ ...rival, at: fastNow().toISOString() }).catch(() => undefined);
      },
    },
  });

  const incident = await handle();

  expect(world.changes()).toEqual([]);
  expect(incident).toMatchObject({ status: "escalated", actions: [{ outcome: "nothing-changed" }] });
  expect(incident.summary).toMatch(/OpsAgent held back: incident inc-rival is acting on the same service/);
});

it("a change that somebody has claimed already is not made: the world is asked whether it was", async () => {
  const store = createSqliteStore(":memory:");
  const { handle, world } = startWorkflow({
    trouble: "leak",
    store: {
      ...store,
      claim: async (key, at) => {
        await store.claim(key, at);
        return store.claim(key, at);
      },
    },
  });

  const incident = await handle();

  expect(world.changes()).toEqual([]);
  expect(incident).toMatchObject({ status: "escalated", actions: [{ outcome: "nothing-changed" }] });
  expect(incident.actions[0]?.steps[0]?.detail).toMatch(/was claimed before.*nothing was changed/);
});

it("an incident that nobody worked on for too long loses its place, and does nothing any more", async () => {
  const world = createSmallWorld({ trouble: "leak" });
  const store = createSqliteStore(":memory:");
  const { handle } = startWorkflow({
    world,
    store,
    hook: {
      after: (call, number) => {
        // A process that stood still: another engine has taken the service over meanwhile.
        if (call !== "store.append" || number > 5) return;
        const later = new Date(fastNow().getTime() + 7 * 86_400_000).toISOString();
        store
          .attachOrOpen({
            alert: world.alert({ key: "later" }),
            place: "service production/shop",
            incidentId: "inc-later",
            engine: "another",
            at: later,
            aliveUntil: later,
          })
          .catch(() => undefined);
      },
    },
  });

  const incident = await handle();

  expect(world.changes()).toEqual([]);
  expect(incident.failures).toMatchObject([{ code: "superseded" }]);
});

it("one alert handled by two processes is one incident", async () => {
  const folder = folderFor();
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
