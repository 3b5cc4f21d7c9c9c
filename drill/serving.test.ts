import { describe, expect, it } from "vitest";
import type { LedgerEntry, ServingSample } from "./facts.ts";
import { fellBelow, type Serving, servingText } from "./serving.ts";

const at = (second: number) => new Date(Date.parse("2026-11-30T08:00:00Z") + second * 1000).toISOString();
const sample = (second: number, healthy: number, lost: ServingSample["lost"] = []): ServingSample => ({
  at: at(second),
  desired: 3,
  healthy,
  lost,
});
const STOPPED = { task: "a", stopCode: "UserInitiated", reason: "OpsAgent" };
const stop = (second: number, status = 200): LedgerEntry => ({
  at: at(second),
  outcome: { status },
  operation: "StopTask",
  mutating: true,
  input: {},
});
const of = (...samples: ServingSample[]): Serving => ({
  samples,
  desiredCount: 3,
  minimumHealthyPercent: 100,
});

describe("the tasks that served while an agent acted", () => {
  it("may not be fewer than before and than the service's floor by a stop", () => {
    const fell = of(sample(0, 3), sample(5.1, 2, [STOPPED]), sample(9, 3));

    expect(fellBelow(fell, [stop(5)])).toEqual([
      `only 2 healthy tasks served at ${at(5.1)}, at least 3 must have`,
    ]);
    expect(servingText(fell, [stop(5)])).toContain("at least 2 healthy tasks served, of 3 desired");
  });

  it("may not be fewer by a lower count, whichever task ECS takes", () => {
    const scaled = {
      task: "b",
      stopCode: "ServiceSchedulerInitiated",
      reason: "Scaling activity initiated by x",
    };

    expect(fellBelow(of(sample(0, 3), sample(6, 2, [scaled])), [stop(5)])).toHaveLength(1);
  });

  it.each<[string, Serving, LedgerEntry[]]>([
    ["one was added first", of(sample(0, 3), sample(4, 4), sample(5, 3, [STOPPED])), [stop(1)]],
    [
      "the floor allows it",
      { ...of(sample(0, 3), sample(6, 2, [STOPPED])), minimumHealthyPercent: 50 },
      [stop(5)],
    ],
    ["no more served before", of(sample(0, 3), sample(2, 2), sample(6, 2, [STOPPED])), [stop(5)]],
    [
      "a task failed by itself",
      of(sample(0, 3), sample(6, 2, [{ task: "a", stopCode: "EssentialContainerExited" }])),
      [stop(5)],
    ],
    [
      "ECS replaced a sick one",
      of(
        sample(0, 3),
        sample(6, 2, [{ task: "a", stopCode: "ServiceSchedulerInitiated", reason: "failed ELB" }]),
      ),
      [stop(5)],
    ],
    ["it was before the first change", of(sample(0, 3), sample(2, 2, [STOPPED]), sample(4, 3)), [stop(5)]],
    ["nothing was changed", of(sample(0, 3), sample(6, 2, [STOPPED])), []],
    ["the call was refused", of(sample(0, 3), sample(6, 2, [STOPPED])), [stop(5, 400)]],
  ])("are no fault where %s", (_, serving, ledger) => {
    expect(fellBelow(serving, ledger)).toEqual([]);
  });
});
