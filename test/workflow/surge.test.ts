/** A restart on a service of which no task may go: one is added first, and nobody ever misses one. */
import { describe, expect, it } from "vitest";
import { createSmallWorld, fastClock, type SmallWorld, type WorldOptions } from "../support/small-world.ts";
import { SOON, startWorkflow } from "../support/workflow.ts";
import { answer, failing } from "./golden-plays.ts";

const leak = { trouble: "leak", minimumHealthyPercent: 100 } as const;

/** The least tasks that ran and were healthy at any moment that somebody looked. */
function watched(options: WorldOptions): { world: SmallWorld; least: () => number } {
  const world = createSmallWorld(options);
  let least = Number.POSITIVE_INFINITY;
  const { service } = world.readers.ecs;
  Object.assign(world.readers.ecs, {
    service: async (...asked: Parameters<typeof service>) => {
      const seen = await service(...asked);
      least = Math.min(least, seen?.running ?? 0);
      return seen;
    },
  });
  return { world, least: () => least };
}

describe("a restart on AWS's default of 100 % healthy tasks", () => {
  it("adds a task, stops the sick one once the added one serves, and takes one away again", async () => {
    const { world, least } = watched(leak);
    const { handle } = startWorkflow({ world });

    const incident = await handle();

    expect(incident.status).toBe("resolved");
    expect(world.changes()).toEqual(["desire 4", "stop a", "desire 3"]);
    expect(least()).toBe(3);
    expect(incident.actions).toMatchObject([
      { outcome: "done", before: { desired: 3 }, after: { stopped: 1, desired: 3 } },
    ]);
    expect(incident.giveBack).toBeUndefined();
  });

  it("adds one task for several", async () => {
    const { world, least } = watched({ ...leak, trouble: "two-leaks" });
    const { handle } = startWorkflow({ world });

    const incident = await handle();

    expect(incident.status).toBe("resolved");
    expect(world.changes()).toEqual(["desire 4", "stop a", "stop b", "desire 3"]);
    expect(least()).toBe(3);
  });

  it("shows a person the task that comes first, and the answer is bound to it", async () => {
    let question: { plan: unknown; planHash: string } | undefined;
    const running = startWorkflow({
      ...leak,
      policy: { modes: { restart: "approve" } },
      onAsked: (asked) => {
        question = asked;
        void answer("approved")(asked, running);
      },
    });

    await running.handle();

    expect(question?.plan).toMatchObject({ surge: { from: 3, to: 4, keep: 3 } });
    expect(running.world.changes()).toEqual(["desire 4", "stop a", "desire 3"]);
  });

  it("asks where no task may be added, and says what to change", async () => {
    const { handle, world } = startWorkflow({
      ...leak,
      policy: { limits: { maxTasks: 3 }, approvals: { deadlineMinutes: 0.1 } },
    });

    const incident = await handle();

    expect(world.changes()).toEqual([]);
    expect(incident.approval?.why).toContain("the policy allows at most 3 tasks. Raise limits.maxTasks");
  });
});

describe("a task that was added and never serves", () => {
  it("is taken back where nothing else could go, and nothing is stopped", async () => {
    const { handle, world } = startWorkflow({ ...leak, crowded: true, policy: { timing: SOON } });

    const incident = await handle();

    expect(world.changes()).toEqual(["desire 4", "desire 3"]);
    expect(incident.status).toBe("escalated");
    expect(incident.summary).toContain("The added task was not healthy in time");
    expect(incident.actions[0]?.outcome).toBe("nothing-changed");
  });

  it("does not count against the cause", async () => {
    const { handle, store } = startWorkflow({ ...leak, crowded: true, policy: { timing: SOON } });

    await handle();

    const history = await store.actionsSince(new Date(0).toISOString());
    expect(history.filter(({ verified }) => verified === false)).toEqual([]);
  });

  it("stays while ECS could take one that serves in its place, which is told, and goes later", async () => {
    const { handle, world, reports } = startWorkflow({
      ...leak,
      ailing: true,
      policy: { timing: { ...SOON, giveBackGiveUpHours: 1 } },
    });

    const incident = await handle();

    expect(reports[0]).toMatchObject({
      status: "escalated",
      giveBack: { outcome: "waiting", from: 4, to: 3 },
    });
    expect(reports[0]?.summary).toMatch(/was not healthy in time.*The added task stays: 3 tasks serve/);
    expect(incident.giveBack).toMatchObject({ outcome: "given-back", surge: true });
    expect(world.changes()).toEqual(["desire 4", "desire 3"]);
  });
});

describe("a restart that breaks off after a task was added", () => {
  it("takes it away where the stop was refused", async () => {
    const { handle, world } = startWorkflow({
      ...leak,
      hook: failing({ call: /^actuator\.stopTask/ }),
      policy: { timing: SOON },
    });

    const incident = await handle();

    expect(incident.status).not.toBe("resolved");
    expect(world.changes()).toEqual(["desire 4", "desire 3"]);
  });

  it("leaves it to scale-in where it could not be taken away", async () => {
    const { handle, world } = startWorkflow({
      ...leak,
      hook: failing({ call: /^actuator\.setDesiredCount/, from: 2 }),
    });

    const incident = await handle();

    expect(incident.status).toBe("resolved");
    expect(incident.actions[0]?.after).toMatchObject({ stopped: 1, desired: 4 });
    expect(incident.giveBack).toMatchObject({ from: 4, to: 3, surge: true });
    expect(world.changes()).toEqual(["desire 4", "stop a"]);
  });

  it("takes it back by scale-in where no task ever came for it", async () => {
    const { handle, world } = startWorkflow({
      ...leak,
      crowded: true,
      hook: failing({ call: /^store\.claim/, from: 2, to: 2 }),
      policy: { timing: SOON },
    });

    const incident = await handle();

    expect(incident.giveBack).toMatchObject({ from: 4, to: 3, outcome: "given-back", surge: true });
    expect(world.changes()).toEqual(["desire 4", "desire 3"]);
  });

  it("leaves the count alone that somebody else has set meanwhile", async () => {
    const world = createSmallWorld(leak);
    const { stopTask } = world.actuator;
    Object.assign(world.actuator, {
      stopTask: (...asked: Parameters<typeof stopTask>) => {
        world.log.add({ at: fastClock(), what: "desire", detail: "6" });
        return stopTask(...asked);
      },
    });
    const { handle } = startWorkflow({ world });

    const incident = await handle();

    expect(world.changes()).toEqual(["desire 4", "desire 6", "stop a"]);
    expect(incident.status).toBe("resolved");
    expect(incident.actions[0]?.steps.find(({ surge }) => surge === "returned")).toMatchObject({
      outcome: "skipped",
      detail: "The desired count is now 6, not 4; nothing was done.",
    });
  });

  it("stops nothing where a serving task went away before the stop", async () => {
    const world = createSmallWorld(leak);
    const { task } = world.readers.ecs;
    let waited = false;
    const { targetHealth } = world.readers.loadBalancers;
    Object.assign(world.readers.ecs, {
      task: async (...asked: Parameters<typeof task>) => {
        waited = true;
        return task(...asked);
      },
    });
    Object.assign(world.readers.loadBalancers, {
      targetHealth: async (...asked: Parameters<typeof targetHealth>) => {
        const seen = await targetHealth(...asked);
        return seen.map((one, index) => (waited && index === 1 ? { ...one, state: "unhealthy" } : one));
      },
    });
    const { handle } = startWorkflow({ world, policy: { timing: { ...SOON, giveBackGiveUpHours: 0.005 } } });

    const incident = await handle();

    expect(world.changes()).not.toContain("stop a");
    expect(incident.summary).toContain(
      "It would leave 2 serving, and at least 3 must; nothing was done to it.",
    );
  });
});
