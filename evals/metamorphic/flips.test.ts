import { beforeAll, describe, expect, it } from "vitest";
import { useStubCredentials } from "../recorded/gather.ts";
import { developmentCases } from "../scenarios/development/index.ts";
import type { Case } from "../scenarios/types.ts";
import { restartNow } from "../scenarios/vocabulary.ts";
import { countFlips } from "./count-flips.ts";
import { type Flip, flipsOf } from "./flips.ts";
import { keptOf, newOnes, type SetFlip } from "./kept-flips.ts";
import { VARIATIONS, type Variation } from "./variations.ts";

const named = (name: string): Case => {
  const found = developmentCases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no case ${name}.`);
  return found;
};

/** Another case in the place of the varied one. */
const becomes = (other: Case, less = false): Variation => ({
  name: "becomes",
  less,
  apply: () => ({ one: other, twist: {} }),
});

beforeAll(useStubCredentials);

describe("a flip", () => {
  const restarted = named("healthy-hosts-low-one-stuck");
  const scaled = named("morning-climb");
  const declined = named("lunch-hour-with-room");

  it("is another action, whatever the truth", async () => {
    const { flips, judged } = await flipsOf(restarted, [becomes(scaled)]);

    expect(judged).toEqual(["becomes"]);
    expect(flips).toEqual([
      {
        case: restarted.name,
        variation: "becomes",
        kind: "opposite",
        was: "act restart",
        now: "act scale",
      },
    ]);
  });

  it("is a bolder decision where evidence was taken away, and only there", async () => {
    const less = await flipsOf(declined, [becomes({ ...restarted, truth: restartNow("hung-task") }, true)]);
    const other = await flipsOf(declined, [becomes({ ...restarted, truth: restartNow("hung-task") })]);

    expect(less.flips.map(({ kind }) => kind)).toEqual(["bolder"]);
    expect(other.flips).toEqual([]);
  });

  it("is a harmful action that comes up", async () => {
    const harmful = {
      ...restarted,
      truth: { ...restarted.truth, actions: [], harmful: ["restart" as const] },
    };

    const { flips } = await flipsOf(declined, [becomes(harmful)]);

    expect(flips.map(({ kind }) => kind)).toEqual(["harm"]);
  });

  it("is not that less is done", async () => {
    expect((await flipsOf(restarted, [becomes(declined, true)])).flips).toEqual([]);
  });
});

describe("the variations", () => {
  it("have names of their own, and each applies to some case", () => {
    expect(new Set(VARIATIONS.map(({ name }) => name)).size).toBe(VARIATIONS.length);
    for (const { name, apply } of VARIATIONS)
      expect(
        developmentCases.some((one) => apply(one) !== undefined),
        name,
      ).toBe(true);
  });
});

describe("kept flips", () => {
  const flip: SetFlip = {
    set: "development",
    case: "one-case",
    variation: "renamed",
    kind: "opposite",
    was: "act restart",
    now: "ask rollback",
  };

  it("name an open case, and of the others only the variation", () => {
    expect([...keptOf([flip, { ...flip, set: "held-out" }]).keys()]).toEqual([
      "development, one-case, renamed, opposite: act restart -> ask rollback",
      "held-out, *, renamed, opposite",
    ]);
  });

  it("let nothing new pass, nor the same more often", () => {
    const hidden = { ...flip, set: "checking" as const };

    expect(newOnes(keptOf([flip]), keptOf([]))).toHaveLength(1);
    expect(newOnes(keptOf([hidden, hidden]), keptOf([hidden]))).toEqual([
      "checking, *, renamed, opposite x 2",
    ]);
    expect(newOnes(keptOf([hidden]), keptOf([hidden, hidden, flip]))).toEqual([]);
  });

  it("are counted by variation and kind", () => {
    const flips: Flip[] = [flip, { ...flip, variation: "no-logs", kind: "bolder" }];

    expect(countFlips(flips, ["renamed", "renamed", "no-logs"])).toEqual([
      { variation: "no-logs", judged: 1, opposite: 0, bolder: 1, harm: 0 },
      { variation: "renamed", judged: 2, opposite: 1, bolder: 0, harm: 0 },
      { variation: "all", judged: 3, opposite: 1, bolder: 1, harm: 0 },
    ]);
  });
});
