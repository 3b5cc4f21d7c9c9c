/** A port fails at each of its calls, and what an incident says of it; faults.long.test.ts has every call. */
import { describe, expect, it } from "vitest";
import { type Hook, startWorkflow } from "../support/workflow.ts";
import { describeFailingCalls } from "./faults-suite.ts";

describeFailingCalls("the first of each call", 12);

describe("the store fails", () => {
  const failsAt = (...names: string[]): Hook => ({
    before: (call) => {
      if (names.includes(call)) throw new Error("The disk is full.");
    },
  });

  it.each([
    ["claim"],
    ["reserve"],
    ["append"],
    ["attachOrOpen"],
    ["extendLock"],
    ["actionsSince"],
    ["append", "claim", "reserve", "actionsSince", "get"],
  ])("at %s %s %s %s: nothing is done, and it is told", async (...names) => {
    for (const trouble of ["leak", "spike"] as const) {
      const hook = failsAt(...names.filter(Boolean).map((name) => `store.${name}`));
      const { handle, world, reports } = startWorkflow({ trouble, hook });

      const incident = await handle();

      expect(world.changes()).toEqual([]);
      expect(["failed", "escalated"]).toContain(incident.status);
      expect(JSON.stringify(incident)).toMatch(/disk is full|could not be/);
      expect(reports).toHaveLength(1);
    }
  });

  it("only when the outcome is to be remembered: the recovery is told all the same, and the fault", async () => {
    const running = startWorkflow({
      trouble: "leak",
      hook: {
        before: (call) => {
          if (call === "store.recordAction" && running.world.changes().length > 0) {
            throw new Error("The disk is full.");
          }
        },
      },
    });

    const incident = await running.handle();

    expect(incident).toMatchObject({ status: "resolved", verification: { outcome: "recovered" } });
    expect(incident.failures).toMatchObject([{ stage: "record-action", message: "The disk is full." }]);
  });
});

describe("telling people fails", () => {
  it("the incident still ends, is kept, and says so", async () => {
    const { handle, world, store, reports } = startWorkflow({
      trouble: "leak",
      hook: {
        before: (call) => {
          if (call === "notifier.notify") throw new Error("Slack is down.");
        },
      },
    });

    const incident = await handle();

    expect(incident.status).toBe("resolved");
    expect(incident.failures).toMatchObject([{ stage: "report", message: "Slack is down." }]);
    expect(await store.get(incident.id)).toEqual(incident);
    expect(world.changes()).toEqual(["stop a"]);
    expect(reports).toEqual([]);
  });
});

describe("the live view fails", () => {
  it("the incident does not notice", async () => {
    const { handle, world, reports } = startWorkflow({
      trouble: "leak",
      listener: () => {
        throw new Error("The terminal is gone.");
      },
    });

    const incident = await handle();

    expect(incident).toMatchObject({ status: "resolved", failures: [] });
    expect(world.changes()).toEqual(["stop a"]);
    expect(reports).toHaveLength(1);
  });
});

describe("the call that changes something breaks", () => {
  it.each(["leak", "spike"] as const)(
    "%s: with an exception after its effect, it is looked up, not lost",
    async (trouble) => {
      const { handle, world } = startWorkflow({
        trouble,
        hook: {
          after: (call) => {
            if (call.startsWith("actuator.")) throw new Error("The socket closed.");
          },
        },
      });

      const incident = await handle();

      expect(world.changes().filter((change) => change !== "desire 3")).toHaveLength(1);
      expect(incident).toMatchObject({ status: "resolved", actions: [{ outcome: "done" }] });
      expect(incident.actions[0]?.steps[0]?.detail).toContain("shows that it was done");
    },
  );
});
