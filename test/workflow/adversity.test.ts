/** A process that comes back to an incident after time, clock or people have moved on. */
import { expect, it, onTestFinished } from "vitest";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { incidentId } from "../../src/domain/incident/incident-fold.ts";
import type { WorkflowDependencies } from "../../src/workflow/dependencies.ts";
import type { IncidentInput } from "../../src/workflow/incident-input.ts";
import { createIncidentWorkflow } from "../../src/workflow/incident-workflow.ts";
import { dependenciesOf, hooked, type Setting } from "../support/dependencies.ts";
import { createSmallWorld, fastClock, fastNow } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const HOUR_MS = 3_600_000;

/** Runs a leak's incident on a clock that jumps back an hour, for good, before the first call of that name. */
async function jumpBackAt(call: string, setting: Setting) {
  const world = createSmallWorld({ trouble: "leak", ...setting });
  let shift = 0;
  const given: WorkflowDependencies = dependenciesOf(world, createSqliteStore(":memory:"), setting);
  const deps = hooked(
    { ...given, now: () => new Date(fastClock() + shift) },
    {
      before: (made) => {
        if (made === call) shift = -HOUR_MS;
      },
    },
  );
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: ":memory:",
    workflow: createIncidentWorkflow(deps),
    codeVersion: "1",
    pollMs: 2,
    clock: fastClock,
    onError: () => {},
  });
  onTestFinished(() => engine.stop({ timeoutMs: 0 }));
  await engine.start("incident", { alert: world.alert() });
  const result = await engine.waitFor("incident");
  if (result.status !== "SUCCEEDED") throw new Error(result.error.message);
  return { world, incident: result.output };
}

it("an incident that was given up, and people told, is not acted on when a process comes back to it", async () => {
  const world = createSmallWorld({ trouble: "leak" });
  const store = createSqliteStore(":memory:");
  const alert = world.alert();
  const at = fastNow().toISOString();
  const { handle } = startWorkflow({
    world,
    store,
    hook: {
      after: (call) => {
        if (call !== "store.reserve") return;
        store.releaseLock(incidentId(alert), { at, decayUntil: at }).catch(() => undefined);
      },
    },
  });

  const incident = await handle(alert);

  expect(world.changes()).toEqual([]);
  expect(incident).toMatchObject({ status: "escalated", actions: [{ outcome: "nothing-changed" }] });
  expect(incident.summary).toContain("OpsAgent held back: the incident was given up");
});

it("a clock that jumped back while the evidence was read does not end a freeze", async () => {
  const now = fastClock();
  const freeze = {
    from: new Date(now - 60_000).toISOString(),
    to: new Date(now + 2 * HOUR_MS).toISOString(),
  };

  const { world, incident } = await jumpBackAt("ecs.service", { policy: { freezes: [freeze] } });

  expect(world.changes()).toEqual([]);
  expect(incident.decision?.trail).toContainEqual(
    expect.objectContaining({ rule: "freeze-window", outcome: "refuse" }),
  );
});

it("a clock that jumped back while recovery is looked for does not put off its end", {
  timeout: 30_000,
}, async () => {
  const timing = { verifyTimeoutSeconds: 20, replacementTimeoutSeconds: 12 };

  const { incident } = await jumpBackAt("store.joined", { curable: false, policy: { timing } });

  expect(incident).toMatchObject({ status: "escalated", actions: [{ action: "restart" }] });
  expect(incident.verification?.looks).toBeLessThanOrEqual(22);
});
