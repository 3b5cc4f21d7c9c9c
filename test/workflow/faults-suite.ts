/** Ports that fail at any call: each incident ends in one report, nothing is done twice, nothing is claimed. */
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

/** Which calls of an incident fail: all of them, or the first of each port's methods. */
export type Calls = "every call" | "the first of each call";

/** Tests that break these calls, one an incident, and so many incidents in which ports fail at random. */
export function describeFailingCalls(which: Calls, randomIncidents: number): void {
  describe("one call fails", () => {
    it.each(["leak", "spike"] as const)(
      `%s: ${which}, before or after its effect`,
      async (trouble) => {
        const calls = await callsOf(trouble);
        // For a call that only reads, after its effect is as before it.
        const faults = calls.flatMap((call, index): Fault[] => {
          if (which === "the first of each call" && calls.indexOf(call) < index) return [];
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
          randomIncidents,
        );

        await forAll(cases, ([trouble, faults]) => expectGoodEnd(trouble, faults));
      },
      MINUTES,
    );
  });
}
