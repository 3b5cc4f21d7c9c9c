/** What follows an action that did not help, and capacity that was only borrowed. */
import { describe, expect, it } from "vitest";
import { createSmallWorld, fastClock } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const SHORT = { timing: { verifyTimeoutSeconds: 20, replacementTimeoutSeconds: 12 } };

describe("an action that made things worse", () => {
  it("is taken back where it can be", async () => {
    const { handle, world } = startWorkflow({ trouble: "spike", brittle: true, policy: SHORT });

    const incident = await handle();

    expect(incident.status).toBe("escalated");
    expect(incident.actions[0]).toMatchObject({
      action: "scale",
      verification: {
        outcome: "worse",
        reason: expect.stringMatching(/tasks? stopped badly since the action|fewer tasks run than before/),
      },
      undone: [{ outcome: "done" }],
    });
    expect(incident.summary).toContain("It was taken back.");
    expect(world.changes().slice(0, 2)).toEqual(["desire 5", "desire 3"]);
    expect(incident.giveBack).toBeUndefined();
  });

  it("is followed by one further look, and the same action is not made again", async () => {
    const { handle, world } = startWorkflow({ trouble: "spike", brittle: true, policy: SHORT });

    const incident = await handle();

    expect(incident.further?.diagnosis).toBeDefined();
    expect(incident.further?.decision).toBeDefined();
    expect(world.changes().filter((change) => change === "desire 5")).toHaveLength(1);
  });
});

describe("an action that did not help", () => {
  it("is told with its proof, and what a second look says", async () => {
    const { handle, world } = startWorkflow({ trouble: "leak", curable: false, policy: SHORT });

    const incident = await handle();

    expect(incident.status).toBe("escalated");
    expect(incident.verification?.outcome).toBe("unchanged");
    expect(incident.further?.decision?.kind).toBe("decline");
    expect(incident.summary).toContain("A further action:");
    expect(world.changes()).toEqual(["stop a"]);
  });
});

describe("tasks that were added and did not help", () => {
  /** The alarm stays; from the action on the tasks' own load is so many percent, on average. */
  function unhelped(load: { readonly CPUUtilization?: number; readonly MemoryUtilization?: number }) {
    const world = createSmallWorld({ trouble: "spike", curable: false });
    const { series } = world.readers.metrics;
    Object.assign(world.readers.metrics, {
      series: async (...asked: Parameters<typeof series>) => {
        const seen = new Map(await series(...asked));
        if (world.changes().length === 0) return seen;
        for (const { id, metric } of asked[0]) {
          const level = load[metric.name as keyof typeof load];
          if (metric.statistic !== "Average" || !Object.hasOwn(load, metric.name)) continue;
          seen.set(id, level === undefined ? [] : (seen.get(id) ?? []).map(({ t }) => ({ t, v: level })));
        }
        return seen;
      },
    });
    return startWorkflow({ world, policy: SHORT });
  }

  it("go back where the tasks that stay have room for what they carry", async () => {
    const { handle, world } = unhelped({ CPUUtilization: 40, MemoryUtilization: 40 });

    const incident = await handle();

    expect(incident.actions[0]).toMatchObject({
      action: "scale",
      verification: { outcome: "unchanged" },
      undone: [{ outcome: "done", what: "set the desired count from 5 to 3" }],
    });
    expect(world.changes()).toEqual(["desire 5", "desire 3"]);
    expect(incident.giveBack).toBeUndefined();
  });

  it.each([
    // 44 % on five tasks would be 81 % on three with a tenth in reserve.
    ["CPU would be too high", { CPUUtilization: 44, MemoryUtilization: 40 }],
    ["memory would be too high", { CPUUtilization: 40, MemoryUtilization: 44 }],
    ["the load could not be read", { CPUUtilization: 40, MemoryUtilization: undefined }],
  ])("stay while they carry load: %s", async (_, load) => {
    const { handle, world } = unhelped(load as Parameters<typeof unhelped>[0]);

    const incident = await handle();

    expect(incident.verification?.outcome).toBe("unchanged");
    expect(incident.actions[0]?.undone).toBeUndefined();
    expect(world.changes()).toEqual(["desire 5"]);
  });

  it("stay where the alarm's metric is better with them", async () => {
    const { handle, world } = unhelped({ CPUUtilization: 40, MemoryUtilization: 40 });
    const { series } = world.readers.metrics;
    Object.assign(world.readers.metrics, {
      series: async (...asked: Parameters<typeof series>) => {
        const seen = new Map(await series(...asked));
        const better = world.changes().length > 0;
        for (const { id, metric } of asked[0]) {
          if (!better || metric.name !== "CPUUtilization" || metric.statistic !== "Maximum") continue;
          seen.set(
            id,
            (seen.get(id) ?? []).map(({ t }) => ({ t, v: 84 })),
          );
        }
        return seen;
      },
    });

    const incident = await handle();

    expect(incident.verification?.outcome).toBe("unchanged");
    expect(world.changes()).toEqual(["desire 5"]);
  });
});

describe("the second look after an action that did not help", () => {
  it("holds it against its cause, and says so in its evidence", async () => {
    const { handle } = startWorkflow({ trouble: "leak", curable: false, policy: SHORT });

    const { diagnosis, further } = await handle();

    const tried = further?.evidence.facts.find(({ kind }) => kind === "past-incident");
    expect(tried).toMatchObject({
      provenance: "memory",
      statement: "Tried in this incident: restart for memory-leak, unchanged.",
    });
    expect(diagnosis?.confidence).toBeGreaterThan(0.75);
    expect(further?.diagnosis?.cause).toBe("memory-leak");
    expect(further?.diagnosis?.confidence).toBeLessThan(0.75);
    expect(further?.diagnosis?.against).toContain(tried?.id);
  });
});

describe("capacity that was added", () => {
  it("goes back once recovery has held, and people were told before", async () => {
    const { handle, world, reports, store } = startWorkflow({ trouble: "spike" });

    const incident = await handle();

    expect(reports).toMatchObject([{ status: "resolved", giveBack: { outcome: "waiting", from: 5, to: 3 } }]);
    expect(incident.giveBack).toMatchObject({ outcome: "given-back" });
    expect(world.changes()).toEqual(["desire 5", "desire 3"]);
    expect((await store.get(incident.id))?.giveBack?.outcome).toBe("given-back");
  });

  it("is left alone when somebody else has changed the count", async () => {
    const { handle, world } = startWorkflow({
      trouble: "spike",
      notify: ({ giveBack }) => {
        if (giveBack?.outcome === "waiting") world.log.add({ at: fastClock(), what: "desire", detail: "7" });
      },
    });

    const incident = await handle();

    expect(incident.giveBack).toMatchObject({
      outcome: "left-alone",
      detail: expect.stringContaining("Somebody else has changed it"),
    });
    expect(world.changes()).toEqual(["desire 5", "desire 7"]);
  });

  it("stays while the load would bring the alarm back", async () => {
    // 30 % on five tasks would be 50 % on three, and a tenth is kept in reserve.
    const { handle, world } = startWorkflow({
      trouble: "spike",
      threshold: 52,
      policy: { timing: { giveBackGiveUpHours: 0.01 } },
    });

    const incident = await handle(world.alert());

    expect(incident.giveBack).toMatchObject({
      outcome: "left-alone",
      detail: expect.stringContaining("would bring the alarm back"),
    });
    expect(world.changes()).toEqual(["desire 5"]);
  });

  it("is not lent where the invocation ends before it could go back", async () => {
    const { handle, world } = startWorkflow({ trouble: "spike" });

    const incident = await handle(world.alert(), new Date(fastClock() + 900_000).toISOString());

    expect(incident.status).toBe("resolved");
    expect(incident.giveBack).toBeUndefined();
  });
});
