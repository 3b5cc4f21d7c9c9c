/** Every port fails at every call: each incident ends in one report, nothing is done twice, nothing is claimed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Incident } from "../../src/domain/incident/incident.ts";
import type { Trouble } from "../support/small-world.ts";
import { type Hook, SOON, startWorkflow } from "../support/workflow.ts";

const AT_ONCE = 16;
/** A hundred incidents on a machine that is busy with other things. */
const MINUTES = 180_000;

/** Where a port fails: before its effect or after it, at one call or from that call on. */
interface Fault {
  readonly at: number;
  readonly phase: "before" | "after";
  readonly lasting: boolean;
}

/** Fails calls; a lasting fault goes on failing the port that it hit first. */
function failing(faults: readonly Fault[], seen: string[] = []): Hook {
  const broken = faults.map(() => new Set<string>());
  const strike = (phase: Fault["phase"]) => (call: string, number: number) => {
    if (phase === "before") seen.push(call);
    const port = call.split(".")[0] ?? "";
    faults.forEach((fault, index) => {
      if (fault.phase !== phase) return;
      if (number === fault.at && fault.lasting) broken[index]?.add(port);
      if (number === fault.at || (number > fault.at && broken[index]?.has(port))) {
        throw new Error(`${call} failed (call ${number}, ${phase})`);
      }
    });
  };
  return { before: strike("before"), after: strike("after") };
}

async function expectGoodEnd(trouble: Trouble, faults: readonly Fault[]): Promise<Incident> {
  const seen: string[] = [];
  const { handle, world, store, reports } = startWorkflow({
    trouble,
    // Nobody answers here: what a person is asked for expires.
    policy: { timing: SOON, approvals: { deadlineMinutes: 5 } },
    hook: failing(faults, seen),
  });
  const where = `${trouble} ${JSON.stringify(faults)}`;

  const incident = await handle();

  const told = seen.filter((call) => call === "notifier.notify").length;
  const changes = world.changes();
  expect(Incident.safeParse(incident).error, where).toBeUndefined();
  // A second message only where people have to take added tasks back themselves.
  expect(told, where).toBe(isLeftToPeople(incident) ? 2 : 1);
  expect(new Set(changes).size, where).toBe(changes.length);
  if (incident.status === "resolved") expect(incident.verification?.outcome, where).toBe("recovered");
  expect(["resolved", "escalated", "failed"], where).toContain(incident.status);
  if (changes.length > 0) expect(incident.actions, `${where}: what was done is told`).toHaveLength(1);
  for (const { outcome } of incident.actions) {
    if (outcome === "nothing-changed") expect(changes, where).toEqual([]);
  }
  if (reports.length === 0) {
    expect(
      incident.failures.map((failure) => failure.stage),
      where,
    ).toContain("report");
  }
  const kept = await store.get(incident.id);
  if (kept === undefined) expect(seen.filter((call) => call === "store.append").length).toBeGreaterThan(0);
  return incident;
}

function isLeftToPeople({ giveBack }: Incident): boolean {
  return giveBack?.outcome === "left-alone" || giveBack?.outcome === "unknown";
}

async function callsOf(trouble: Trouble): Promise<string[]> {
  const seen: string[] = [];
  await startWorkflow({ trouble, hook: failing([], seen) }).handle();
  return seen;
}

/** Incidents mostly wait, so many run side by side; a slow one holds up none of the others. */
async function forAll<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const item of left) await work(item);
    }),
  );
}

describe("one call fails", () => {
  it.each(["leak", "spike"] as const)(
    "%s: whichever it is, before or after its effect",
    async (trouble) => {
      const calls = await callsOf(trouble);
      // For a call that only reads, after its effect is as before it.
      const faults = calls.flatMap((call, index): Fault[] => {
        const fault = { at: index + 1, phase: "before", lasting: false } as const;
        return /^(store|actuator|notifier)/.test(call) ? [fault, { ...fault, phase: "after" }] : [fault];
      });

      expect(calls.length).toBeGreaterThan(25);
      await forAll(faults, (fault) => expectGoodEnd(trouble, [fault]));
    },
    MINUTES,
  );
});

describe("ports fail", () => {
  it(
    "once or for good, one or several of them, at any time",
    async () => {
      const fault = fc.record({
        at: fc.integer({ min: 1, max: 60 }),
        phase: fc.constantFrom<Fault["phase"]>("before", "after"),
        lasting: fc.boolean(),
      });
      const cases = fc.sample(
        fc.tuple(
          fc.constantFrom<Trouble>("leak", "two-leaks", "spike"),
          fc.array(fault, { minLength: 1, maxLength: 3 }),
        ),
        40,
      );

      await forAll(cases, ([trouble, faults]) => expectGoodEnd(trouble, faults));
    },
    MINUTES,
  );
});

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
