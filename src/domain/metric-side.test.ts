/** The one meaning of raised and lowered, also of records from before facts had a side. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { ago, metric, steady } from "../../test/samples/facts.ts";
import { Comparison } from "./alert.ts";
import type { FactOf } from "./evidence.ts";
import { firesBelow, isLowered, isLowSideAlarm, isRaised, upperLimit } from "./metric-side.ts";

const fact = (draft: ReturnType<typeof metric>) => ({ id: "E1", ...draft }) as FactOf<"metric">;
const side = (draft: ReturnType<typeof metric>) =>
  isRaised(fact(draft)) ? "raised" : isLowered(fact(draft)) ? "lowered" : "neither";

const high = { threshold: 80, comparison: "GreaterThanThreshold" } as const;
const low = { threshold: 5, comparison: "LessThanThreshold" } as const;
const fell = { baseline: 60, direction: "down" } as const;

it.each([
  [
    "a level above an upper threshold",
    steady("cpu", 90, { ...high, insideThreshold: false, beyond: "above" }),
    "raised",
  ],
  [
    "a level below a lower threshold",
    steady("cpu", 2, { ...low, insideThreshold: false, beyond: "below" }),
    "lowered",
  ],
  [
    "a climb that is still below a lower threshold",
    metric("memory", 4, { ...low, insideThreshold: false, beyond: "below" }),
    "lowered",
  ],
  ["a climb inside the threshold", metric("memory", 60, { ...high, insideThreshold: true }), "raised"],
  [
    "a fall inside the threshold",
    metric("memory", 9, { ...high, insideThreshold: true, summary: fell }),
    "lowered",
  ],
  ["a spike that has ended", metric("cpu", 30, { summary: { shape: "spike", max: 99 } }), "neither"],
  ["a level as ever", steady("cpu", 30), "neither"],
  ["a climb of a metric that is silent now", metric("cpu", 90, { noDataSince: ago(600) }), "neither"],
  [
    "missing data that count as breaching",
    steady("requests", 90, { ...low, insideThreshold: false }),
    "neither",
  ],
  [
    "a level above a scaling policy's target",
    steady("cpu", 66, {
      ...high,
      threshold: 60,
      insideThreshold: false,
      beyond: "above",
      scalingTarget: true,
    }),
    "neither",
  ],
  [
    "a level that is always above a threshold typed as 0.8 for 80 %",
    steady("memory", 40, { ...high, threshold: 0.8, insideThreshold: false, beyond: "above" }),
    "neither",
  ],
  [
    "a level that is always below a threshold typed as 1e9",
    steady("memory", 40, { ...low, threshold: 1e9, insideThreshold: false, beyond: "below" }),
    "neither",
  ],
  [
    "a hot level that is always above its threshold",
    steady("memory", 95, { ...high, threshold: 80, insideThreshold: false, beyond: "above" }),
    "raised",
  ],
  [
    "an older record beyond its threshold, above",
    steady("cpu", 90, { threshold: 80, insideThreshold: false }),
    "raised",
  ],
  [
    "an older record beyond its threshold, below",
    steady("cpu", 2, { threshold: 5, insideThreshold: false }),
    "lowered",
  ],
] as const)("reads %s", (_, draft, expected) => {
  expect(side(draft)).toBe(expected);
});

it("never reads one metric as raised and lowered, and mirrors", () => {
  const summary = fc.record({
    direction: fc.constantFrom("up" as const, "down" as const, "none" as const),
    shape: fc.constantFrom("flat" as const, "ramp" as const, "step" as const, "spike" as const),
  });
  const beyond = fc.constantFrom("above" as const, "below" as const, undefined);
  const mirrored = { up: "down", down: "up", none: "none" } as const;

  fc.assert(
    fc.property(summary, beyond, (given, on) => {
      const read = (turned: boolean) =>
        fact(
          metric("cpu", 50, {
            ...high,
            threshold: turned ? 20 : 80,
            insideThreshold: on === undefined,
            ...(on === undefined ? {} : { beyond: (on === "above") === turned ? "below" : "above" }),
            summary: {
              ...given,
              baseline: turned ? 75 : 25,
              direction: turned ? mirrored[given.direction] : given.direction,
            },
          }),
        );

      expect(isRaised(read(false)) && isLowered(read(false))).toBe(false);
      expect([isRaised(read(true)), isLowered(read(true))]).toEqual([
        isLowered(read(false)),
        isRaised(read(false)),
      ]);
    }),
  );
});

it("knows the level above which a metric is too high only from an alarm that fires above it", () => {
  const limit = (data: Parameters<typeof steady>[2]) => upperLimit(fact(steady("memory", 60, data)));

  expect(limit(high)).toBe(80);
  expect(limit({ threshold: 80 })).toBe(80);
  expect(limit({ ...low, threshold: 10 })).toBeUndefined();
  expect(limit({ ...high, scalingTarget: true })).toBeUndefined();
  expect(limit({})).toBeUndefined();
  expect(upperLimit(undefined)).toBeUndefined();
});

it("tells which alarms fire on the low side", () => {
  expect(Comparison.options.filter((comparison) => firesBelow(comparison))).toEqual(
    Comparison.options.filter((comparison) => /Less/.test(comparison)),
  );
  expect(isLowSideAlarm(fact(steady("cpu", 60, low)))).toBe(true);
  expect(isLowSideAlarm(fact(steady("cpu", 60, high)))).toBe(false);
  expect(isLowSideAlarm(fact(steady("cpu", 60)))).toBe(false);
});
