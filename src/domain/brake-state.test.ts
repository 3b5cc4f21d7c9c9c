import { expect, it } from "vitest";
import type { Pause } from "./brake.ts";
import { brakeLines, readBrakeState } from "./brake-state.ts";
import { Policy } from "./policy.ts";

const NOW = "2026-11-30T09:30:00.000Z";
const ALL: Pause = { scope: { kind: "all" }, by: "ann", at: "2026-11-30T09:12:00.000Z", via: "cli" };
const SHOP: Pause = { ...ALL, scope: { kind: "service", service: "shop", cluster: "prod" }, by: "bob" };

it("says for each pause who, since when and what follows, and nothing where nothing is held back", () => {
  expect(brakeLines({ at: NOW, pauses: [] })).toEqual([]);
  expect(brakeLines({ at: NOW, pauses: [ALL, SHOP] })).toEqual([
    "Paused by ann since 09:12 UTC, until somebody resumes. Nothing is changed.",
    "shop of the cluster prod is paused by bob since 09:12 UTC, until somebody resumes. Nothing is changed there.",
  ]);
});

it.each([
  [{ cluster: "prod", service: "shop" }, 2],
  [{ cluster: "test", service: "shop" }, 1],
  [{ cluster: "prod", service: "cart" }, 1],
])("says of a target only what holds it back: %j", (target, lines) => {
  expect(brakeLines({ at: NOW, pauses: [ALL, SHOP] }, target)).toHaveLength(lines);
});

it("says that nothing is changed where the store cannot be read, and why a policy is restricted", async () => {
  const state = await readBrakeState(
    { pauses: () => Promise.reject(new Error("the disk is on fire")) },
    new Date(NOW),
    {
      current: async () => ({
        policy: Policy.parse({}),
        origin: { kind: "start" },
        problem: "policy.yaml cannot be used.",
      }),
    },
  );

  expect(state).toMatchObject({ at: NOW, pauses: undefined });
  expect(brakeLines(state)).toEqual([
    "Whether OpsAgent is paused cannot be read from the store: nothing is changed as long as that is so.",
    "policy.yaml cannot be used.",
  ]);
});
