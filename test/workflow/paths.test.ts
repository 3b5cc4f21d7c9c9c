import { describe, expect, it } from "vitest";
import { Incident } from "../../src/domain/incident/incident.ts";
import { createSmallWorld, fastClock, TARGET } from "../support/small-world.ts";
import { type Setting, SOON, startWorkflow } from "../support/workflow.ts";

/** Runs one incident to its end, and checks what is true of each. */
async function endOf(
  setting: Setting,
  given: { state?: "OK" | "INSUFFICIENT_DATA"; deadline?: string } = {},
) {
  const running = startWorkflow(setting);
  const alert = running.world.alert(given.state === undefined ? {} : { state: given.state });
  const incident = await running.handle(alert, given.deadline);
  expect(Incident.safeParse(incident).error).toBeUndefined();
  expect(await running.store.get(incident.id)).toEqual(incident);
  expect(incident.closedAt).toBeDefined();
  return { ...running, incident };
}

const events = (incident: Incident) => incident.timeline.map((entry) => entry.event);

describe("a leaking task", () => {
  it("is stopped, replaced, and the recovery proven", async () => {
    const { incident, world, reports, store } = await endOf({ trouble: "leak" });

    expect(incident).toMatchObject({
      status: "resolved",
      diagnosis: { cause: "memory-leak", action: "restart" },
      decision: { kind: "act" },
      actions: [{ outcome: "done", after: { stopped: 1 } }],
      verification: { outcome: "recovered", heldLooks: 2 },
      failures: [],
    });
    expect(world.changes()).toEqual(["stop a"]);
    expect(reports).toHaveLength(1);
    expect(events(incident)).toEqual([
      "alert-received",
      "evidence-gathered",
      "diagnosed",
      "decided",
      "action-begun",
      "action-done",
      "action-done",
      "verified-recovered",
    ]);
    expect(await store.actionsSince("2000-01-01T00:00:00.000Z")).toMatchObject([
      { ...TARGET, action: "restart", cause: "memory-leak", verified: true },
    ]);
  });

  it("and another one: one after the other, each after its predecessor's replacement", async () => {
    const { incident, world } = await endOf({ trouble: "two-leaks" });

    const [first, second] = world.log.all().filter((effect) => effect.what === "stop");
    expect(world.changes()).toHaveLength(2);
    expect(incident.actions[0]?.steps.map((step) => step.outcome)).toEqual(["done", "done", "done", "done"]);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(1_500);
    expect(incident.status).toBe("resolved");
  });

  it("that goes on after the restart is never called resolved", async () => {
    const { incident, world, store } = await endOf({
      trouble: "leak",
      curable: false,
      policy: { timing: SOON },
    });

    expect(incident).toMatchObject({ status: "escalated", verification: { outcome: "unchanged" } });
    expect(world.changes()).toEqual(["stop a"]);
    expect(await store.actionsSince("2000-01-01T00:00:00.000Z")).toMatchObject([{ verified: false }]);
  });

  it("is not restarted a second time after a restart that did not help", async () => {
    const { handle, world, incident } = await endOf({
      trouble: "leak",
      curable: false,
      policy: { limits: { cooldownMinutes: 0 }, timing: SOON },
    });

    const second = await handle(world.alert({ key: "alarm-2" }));

    expect(incident.status).toBe("escalated");
    expect(second.decision).toMatchObject({ kind: "decline" });
    expect(world.changes()).toEqual(["stop a"]);
  });

  it("is reported as not proven when the time of the invocation ends before", async () => {
    const setting: Setting = { trouble: "leak", policy: { timing: { holdChecks: 50 } } };
    const { incident } = await endOf(setting, { deadline: new Date(fastClock() + 9_000).toISOString() });

    expect(incident.status).toBe("escalated");
    expect(incident.verification?.reason).toContain("The time of this invocation ended");
  });
});

describe("too much traffic", () => {
  it("gets two more tasks, and the recovery is proven", async () => {
    const { incident, world, reports } = await endOf({ trouble: "spike" });

    expect(incident).toMatchObject({
      status: "resolved",
      diagnosis: { cause: "traffic-spike", action: "scale" },
      actions: [{ action: "scale", before: { desired: 3 }, after: { desired: 5 } }],
    });
    expect(world.changes()).toEqual(["desire 5", "desire 3"]);
    expect(reports).toHaveLength(1);
  });

  it("gets none when someone else changed the count meanwhile", async () => {
    const running = startWorkflow({
      trouble: "spike",
      hook: {
        after: (call) => {
          if (call === "store.actionsSince" && running.world.changes().length === 0) {
            running.world.log.add({ at: fastClock(), what: "desire", detail: "4" });
          }
        },
      },
    });

    const incident = await running.handle();

    expect(incident).toMatchObject({
      status: "escalated",
      actions: [{ outcome: "nothing-changed", steps: [{ outcome: "skipped" }] }],
    });
    expect(running.world.changes()).toEqual(["desire 4"]);
  });
});

describe("what is not acted on", () => {
  it("a dead dependency is escalated", async () => {
    const { incident, world, reports } = await endOf({ trouble: "down" });

    expect(incident).toMatchObject({
      status: "escalated",
      diagnosis: { cause: "dependency-down", action: "none" },
      decision: { kind: "decline" },
      actions: [],
    });
    expect(world.changes()).toEqual([]);
    expect(reports).toHaveLength(1);
  });

  it("in approve mode a person is asked", async () => {
    const policy = { approvals: { deadlineMinutes: 0.2 } };
    const { incident, world, reports } = await endOf({ trouble: "leak", ceiling: "approve", policy });

    expect(incident).toMatchObject({
      status: "escalated",
      decision: { kind: "ask", plan: { tasks: [{ taskId: "a" }] } },
    });
    expect(incident.summary).toContain("expiry means no");
    expect(world.changes()).toEqual([]);
    expect(reports).toHaveLength(1);
  });

  it("in observe mode nothing is done, and it is said what would have been", async () => {
    const { incident, world, reports } = await endOf({ trouble: "leak", ceiling: "observe" });

    expect(incident.status).toBe("observed");
    expect(incident.summary).toContain("Outside mode observe it would have done a restart.");
    expect(incident.summary).toContain("To allow it, set OPSAGENT_MODE to approve or auto.");
    expect(world.changes()).toEqual([]);
    expect(reports).toHaveLength(1);
  });

  it("a blip is looked at again, and then nothing is wrong", async () => {
    const world = createSmallWorld({ trouble: "blip" });
    const [born] = world.log.all();
    let calm = false;
    const { incident } = await endOf({
      world,
      hook: {
        after: (call) => {
          if (call !== "metrics.series" || calm) return;
          calm = true;
          world.log.add({ at: born?.at ?? 0, what: "calm", detail: "" });
        },
      },
    });

    expect(incident).toMatchObject({ diagnosis: { cause: "no-fault" }, actions: [] });
    expect(events(incident).slice(1, 3)).toEqual(["too-early-to-tell", "evidence-gathered"]);
    expect(world.changes()).toEqual([]);
  });

  it.each(["OK", "INSUFFICIENT_DATA"] as const)(
    "a change to %s is noted, and nobody is told",
    async (state) => {
      const { incident, world, reports } = await endOf({ trouble: "leak" }, { state });

      expect(incident).toMatchObject({ status: "observed", actions: [] });
      expect(incident.evidence).toBeUndefined();
      expect(world.changes()).toEqual([]);
      expect(reports).toEqual([]);
    },
  );

  it("an alert without a target is escalated with its problem", async () => {
    const { handle, world, reports } = startWorkflow({ trouble: "leak" });
    const { target: _, ...alert } = world.alert();

    const incident = await handle({ ...alert, targetProblem: "The alarm names no ECS service." });

    expect(incident).toMatchObject({ status: "escalated", summary: "The alarm names no ECS service." });
    expect(reports).toHaveLength(1);
    expect(world.changes()).toEqual([]);
  });

  it("the same alert again is the same incident", async () => {
    const { handle, world, reports } = startWorkflow({ trouble: "leak" });
    const alert = world.alert();

    const incidents = await Promise.all([handle(alert), handle(alert), handle(alert)]);

    expect(new Set(incidents.map((incident) => incident.id)).size).toBe(1);
    expect(world.changes()).toEqual(["stop a"]);
    expect(reports).toHaveLength(1);
  });
});

describe("a call without a clear answer", () => {
  it.each([
    ["leak", "mute", "resolved", "shows that it was done", ["stop a"]],
    ["leak", "lost", "escalated", "shows that nothing was changed", []],
    ["spike", "mute", "resolved", "shows that it was done", ["desire 5", "desire 3"]],
    ["spike", "lost", "escalated", "shows that nothing was changed", []],
  ] as const)("%s, %s: %s, since a look %s", async (trouble, answering, status, words, changes) => {
    const { incident, world } = await endOf({ trouble, answering });

    expect(incident.status).toBe(status);
    expect(incident.actions[0]?.steps[0]?.detail).toContain(words);
    expect(world.changes()).toEqual(changes);
  });

  it.each(["leak", "spike"] as const)("%s: stays unknown when the look fails, too", async (trouble) => {
    let called = false;
    const { incident } = await endOf({
      trouble,
      answering: "lost",
      policy: { timing: SOON },
      hook: {
        before: (call) => {
          if (called && call.startsWith("ecs.")) throw new Error("The network is gone.");
          called ||= call.startsWith("actuator.");
        },
      },
    });

    expect(incident.status).toBe("escalated");
    expect(incident.actions).toMatchObject([{ outcome: "unknown" }]);
    expect(incident.actions[0]?.steps[0]?.detail).toContain("check by hand");
  });

  it.each(["leak", "spike"] as const)(
    "%s: refused by AWS, nothing changed and nothing verified",
    async (trouble) => {
      const { incident } = await endOf({ trouble, answering: "refuse" });

      expect(incident).toMatchObject({ status: "escalated", actions: [{ outcome: "nothing-changed" }] });
      expect(incident.verification).toBeUndefined();
      expect(incident.summary).toContain("AWS refused it");
    },
  );
});
