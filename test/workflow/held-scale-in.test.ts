/** A brake that holds the scale-in of temporary capacity: it waits, within its time, and then tells people. */
import { expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { Policy } from "../../src/domain/policy.ts";
import type { PolicyState } from "../../src/domain/policy-state.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { TIMING } from "../support/dependencies.ts";
import { fastNow } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

const MODES = { restart: "auto", scale: "auto" };
/** Real milliseconds: some holds of the scale-in long, and short of its giving up. */
const HELD_MS = 500;

interface Brake {
  readonly store: IncidentStore;
  policy(keys: object): void;
  unusable(problem: string | undefined): void;
}

const later = (minutes: number) => new Date(fastNow().getTime() + minutes * 60_000).toISOString();
const all = { kind: "all" } as const;
const pause = ({ store }: Brake) =>
  void store.pause({ scope: all, by: "ann", at: fastNow().toISOString(), via: "cli" });
const resume = ({ store }: Brake) =>
  void store.resume(all, { by: "bob", at: fastNow().toISOString(), via: "cli" });

/** Runs a scale that recovers; `brake` comes with the report, `release`, if any, later. */
async function run(
  brake: (brakes: Brake) => void,
  { release, afterClaim = false }: { release?: (brakes: Brake) => void; afterClaim?: boolean } = {},
) {
  const store = createSqliteStore(":memory:");
  const base = { modes: MODES, timing: TIMING };
  let state: PolicyState = { policy: Policy.parse(base), origin: { kind: "start" } };
  const brakes: Brake = {
    store,
    policy: (keys) => {
      state = { policy: Policy.parse({ ...base, ...keys }), origin: { kind: "start" } };
    },
    unusable: (problem) => {
      const { policy, origin } = state;
      state = { policy, origin, ...(problem === undefined ? {} : { problem }) };
    },
  };
  let claims = 0;
  let whileHeld: readonly string[] = [];
  const { handle, world, reports } = startWorkflow({
    trouble: "spike",
    store,
    policy: { modes: MODES },
    policySource: { current: async () => state },
    notify: ({ giveBack }) => {
      if (afterClaim || giveBack?.outcome !== "waiting") return;
      brake(brakes);
      setTimeout(() => {
        whileHeld = world.changes();
        release?.(brakes);
      }, HELD_MS);
    },
    hook: {
      after: (call) => {
        if (call !== "store.claim") return;
        claims += 1;
        if (afterClaim && claims === 2) brake(brakes);
      },
    },
  });
  const incident = await handle();
  return { incident, changes: world.changes(), whileHeld, reports };
}

it.each([
  ["a pause", pause, resume],
  [
    "a freeze",
    ({ policy }: Brake) => policy({ freezes: [{ from: later(-60), to: later(60) }] }),
    ({ policy }: Brake) => policy({}),
  ],
  [
    "a policy that cannot be used",
    ({ unusable }: Brake) => unusable("It is empty."),
    ({ unusable }: Brake) => unusable(undefined),
  ],
])("%s holds the scale-in as long as it lasts, and no longer", async (_, brake, release) => {
  const { incident, changes, whileHeld } = await run(brake, { release });

  expect(whileHeld).toEqual(["desire 5"]);
  expect(changes).toEqual(["desire 5", "desire 3"]);
  expect(incident.giveBack).toMatchObject({ outcome: "given-back" });
});

it("a pause that outlasts the time to give up leaves the tasks to people, who are told by whom", async () => {
  const { incident, changes, reports } = await run(pause);

  expect(changes).toEqual(["desire 5"]);
  expect(incident.giveBack).toMatchObject({
    outcome: "left-alone",
    detail: expect.stringMatching(
      /did not hold within .* Paused by ann since .*until a person takes them back/,
    ),
  });
  expect(reports).toHaveLength(2);
});

it.each([
  ["the kill switch", ({ policy }: Brake) => policy({ killSwitch: true }), "The kill switch is on."],
  [
    "protection",
    ({ policy }: Brake) => policy({ services: { shop: { protected: true } } }),
    "shop is protected",
  ],
  ["mode observe", ({ policy }: Brake) => policy({ modes: { scale: "observe" } }), "bserve"],
  [
    "mode approve, since nobody has approved it",
    ({ policy }: Brake) => policy({ modes: { scale: "approve" } }),
    "Nobody has approved this one.",
  ],
])("%s leaves the tasks to people at once", async (_, brake, why) => {
  const { incident, changes, reports } = await run(brake);

  expect(changes).toEqual(["desire 5"]);
  expect(incident.giveBack).toMatchObject({ outcome: "left-alone", detail: expect.stringContaining(why) });
  expect(reports).toHaveLength(2);
});

it("a pause after the claim of the scale-in still holds it back", async () => {
  const { incident, changes } = await run(pause, { afterClaim: true });

  expect(changes).toEqual(["desire 5"]);
  expect(incident.giveBack).toMatchObject({
    outcome: "left-alone",
    detail: expect.stringContaining("(brake)"),
  });
});
