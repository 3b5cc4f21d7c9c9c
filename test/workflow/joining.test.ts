/** One service, one open incident: what belongs together, what does not, and what is only noise. */
import { describe, expect, it } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { fastClock } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const soon = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const ended = (incidents: readonly Incident[]) => incidents.filter((one) => one.closedAt !== undefined);

describe("alarms of one service at once", () => {
  it.each(["leak", "spike"] as const)("%s: are one incident, one action and one message", async (trouble) => {
    const { handle, world, reports, store } = startWorkflow({ trouble });
    const alerts = Array.from({ length: 8 }, (_, index) => world.alert({ key: `alarm-${index}` }));

    const incidents = await Promise.all(alerts.map((alert) => handle(alert)));

    const [owner, ...others] = ended(incidents);
    expect(others).toEqual([]);
    expect(owner).toMatchObject({ status: "resolved" });
    expect(owner?.joined?.map(({ key, kind }) => `${kind} ${key}`).sort()).toEqual(
      alerts.filter(({ key }) => key !== owner?.alert.key).map(({ key }) => `joined ${key}`),
    );
    expect(incidents.filter((one) => one.joinedTo === owner?.id)).toHaveLength(7);
    expect(world.changes()).toEqual(trouble === "leak" ? ["stop a"] : ["desire 5", "desire 3"]);
    expect(reports).toHaveLength(1);
    expect(await store.list()).toHaveLength(1);
  });

  it("keep an incident from being resolved while one of them still fires", async () => {
    const { handle, world } = startWorkflow({
      trouble: "leak",
      policy: { timing: { verifyTimeoutSeconds: 20 } },
    });
    const { readers } = world;
    const other = { ...world.alert({ key: "other" }), title: "other-alarm" };
    const ask = readers.alarms.alarm;
    Object.assign(readers.alarms, {
      alarm: async (name: string) => (name === "other-alarm" ? { name, state: "ALARM" } : ask(name)),
    });

    const running = handle(world.alert({ key: "own" }));
    await soon(10);
    await handle({ ...other, alarm: { ...other.alarm, name: "other-alarm" } });
    const incident = await running;

    expect(incident.status).toBe("escalated");
    expect(incident.verification?.checks).toContainEqual({
      condition: "joined-alarms-ok",
      met: false,
      detail: "other-alarm still in ALARM",
    });
  });
});

describe("after the end of an incident", () => {
  it("its alarm that fires again inside the decay window belongs to it, and buys nothing new", async () => {
    const { handle, world, reports, store } = startWorkflow({
      trouble: "leak",
      policy: { timing: { decayMinutes: 1 } },
    });
    const first = await handle(world.alert({ key: "first" }));

    const again = await handle(world.alert({ key: "again" }));

    expect(first.status).toBe("resolved");
    expect(again).toMatchObject({ status: "observed", refireOf: first.id, passed: true });
    expect(again.diagnosis).toBeUndefined();
    expect(await store.joined(first.id)).toMatchObject([{ key: "again", kind: "refired" }]);
    expect(reports).toHaveLength(1);
    expect(world.changes()).toEqual(["stop a"]);
  });

  it("an alarm that stays beyond the decay window opens an incident of its own", async () => {
    const { handle, world } = startWorkflow({
      trouble: "leak",
      policy: { limits: { cooldownMinutes: 0 }, timing: { decayMinutes: 3, verifyTimeoutSeconds: 20 } },
      curable: false,
    });
    const first = await handle(world.alert({ key: "first" }));

    const again = await handle(world.alert({ key: "again" }));

    expect(first.status).toBe("escalated");
    expect(again).toMatchObject({ status: "escalated", refireOf: first.id });
    expect(again.diagnosis).toBeDefined();
    expect(again.passed).toBeUndefined();
  });

  it("another alarm never joins it", async () => {
    const { handle, world, reports } = startWorkflow({
      trouble: "leak",
      policy: { timing: { decayMinutes: 5 } },
    });
    const first = await handle(world.alert({ key: "first" }));
    const other = world.alert({ key: "other" });

    const second = await handle({ ...other, alarm: { ...other.alarm, name: "other-alarm" } });

    expect(second.id).not.toBe(first.id);
    expect(second.joinedTo).toBeUndefined();
    expect(second.refireOf).toBeUndefined();
    expect(second.closedAt).toBeDefined();
    expect(reports).toHaveLength(2);
  });
});

describe("noise", () => {
  it("is told of once, and then remembered", async () => {
    const { handle, world, reports, store } = startWorkflow({ trouble: "blip" });
    world.log.add({ at: fastClock(), what: "calm", detail: "" });
    const first = await handle(world.alert({ key: "first" }));

    const second = await handle(world.alert({ key: "second" }));
    const third = await handle(world.alert({ key: "third" }));

    expect(first.diagnosis?.cause).toBe("no-fault");
    for (const incident of [second, third]) {
      expect(incident).toMatchObject({ status: "observed", rememberedFrom: first.id });
    }
    expect(third.recurrence).toMatchObject({ count: 2, lastIncidentId: second.id });
    expect(reports).toEqual([first]);
    expect(await store.list()).toHaveLength(3);
  });

  it("that becomes a fault is told of at once", async () => {
    const { handle, world, reports, store } = startWorkflow({ trouble: "leak" });
    const noise = await startWorkflow({ trouble: "blip", store }).handle(world.alert({ key: "noise" }));

    const fault = await handle(world.alert({ key: "fault" }));

    expect(noise.diagnosis?.cause).not.toBe("memory-leak");
    expect(fault.status).toBe("resolved");
    expect(reports).toHaveLength(1);
  });

  it("that comes again and again is flapping", async () => {
    const { handle, world } = startWorkflow({ trouble: "down", policy: { timing: { decayMinutes: 0 } } });

    const incidents: Incident[] = [];
    for (const key of ["one", "two", "three", "four"]) incidents.push(await handle(world.alert({ key })));

    expect(incidents.at(-1)?.recurrence).toMatchObject({ count: 3, flapping: true });
    expect(incidents.at(0)?.recurrence).toBeUndefined();
  });
});
