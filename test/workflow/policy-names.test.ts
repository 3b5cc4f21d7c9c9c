/** Names in the policy that no service has: the workflow asks the cluster, once, where there are such names. */
import { expect, it } from "vitest";
import { createSmallWorld } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

/** Runs a leak that would be mended; `missing` answers for the cluster. */
async function run(
  policy: Record<string, unknown>,
  missing: (names: readonly string[]) => Promise<readonly string[]>,
) {
  const asked: (readonly string[])[] = [];
  const world = createSmallWorld({ trouble: "leak" });
  const serviceNames = {
    missing: async (_cluster: string, names: readonly string[]) => {
      asked.push(names);
      return missing(names);
    },
  };
  const running = startWorkflow({ world: { ...world, readers: { ...world.readers, serviceNames } }, policy });
  const incident = await running.handle();
  const verdict = incident.decision?.trail.find(({ rule }) => rule === "policy-names");
  return { asked, verdict, changes: world.changes() };
}

const protecting = { services: { payments: { protected: true } } };

it("changes nothing while a protected name is no service, and says what to do", async () => {
  const { asked, verdict, changes } = await run(protecting, async (names) => names);

  expect(asked).toEqual([["payments"]]);
  expect(verdict).toMatchObject({
    outcome: "refuse",
    reason: expect.stringMatching(
      /protects or freezes payments, which no service of the cluster production is called.*absentServices/,
    ),
  });
  expect(changes).toEqual([]);
});

it("changes nothing where the cluster cannot be read", async () => {
  const { verdict, changes } = await run(protecting, () => Promise.reject(new Error("denied")));

  expect(verdict).toMatchObject({ outcome: "refuse", reason: expect.stringContaining("could not be read") });
  expect(changes).toEqual([]);
});

it("acts where every name is a service, and asks nothing where the policy has no such name", async () => {
  const there = await run(protecting, async () => []);
  const none = await run({ services: { shop: { modes: { restart: "auto" } } } }, async (names) => names);

  expect(there.verdict?.outcome).toBe("pass");
  expect(there.changes).not.toEqual([]);
  expect(none.asked).toEqual([]);
  expect(none.changes).not.toEqual([]);
});
