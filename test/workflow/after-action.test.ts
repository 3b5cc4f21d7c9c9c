/** What follows an action that did not help, and capacity that was only borrowed. */
import { describe, expect, it } from "vitest";
import { fastClock } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const SHORT = { timing: { verifyTimeoutSeconds: 20, replacementTimeoutSeconds: 12 } };

describe("an action that made things worse", () => {
  it("is taken back where it can be", async () => {
    const { handle, world } = startWorkflow({ trouble: "spike", brittle: true, policy: SHORT });

    const incident = await handle();

    expect(incident.status).toBe("escalated");
    expect(incident.actions[0]).toMatchObject({
      action: "scale",
      verification: { outcome: "worse" },
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
