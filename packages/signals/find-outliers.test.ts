import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../test/samples/series/seeded-random.ts";
import { findOutliers } from "./find-outliers.ts";

const tasks = (...values: number[]) => values.map((value, index) => ({ id: `task-${index}`, value }));
const ids = (...values: number[]) => findOutliers(tasks(...values)).map((outlier) => outlier.id);

test.each([
  { name: "none", values: [], odd: [] },
  { name: "one", values: [99], odd: [] },
  { name: "a pair near each other", values: [40, 60], odd: [] },
  { name: "a pair, one twice the other", values: [30, 95], odd: ["task-1"] },
  { name: "a pair with an idle one", values: [50, 0], odd: ["task-0"] },
  { name: "two idle", values: [0, 0], odd: [] },
  { name: "three, one hot", values: [20, 22, 95], odd: ["task-2"] },
  { name: "three near-equal", values: [10, 10.01, 10.5], odd: [] },
  { name: "three all different", values: [10, 50, 90], odd: [] },
  { name: "four, one hot", values: [20, 22, 21, 95], odd: ["task-3"] },
  { name: "four constant, one a little off", values: [50, 50, 50, 52], odd: [] },
  { name: "six, one dead and one hot", values: [50, 49, 51, 50, 0, 99], odd: ["task-4", "task-5"] },
  { name: "broken values", values: [Number.NaN, 20, 21, Number.POSITIVE_INFINITY, 22, 20], odd: [] },
])("$name", ({ values, odd }) => {
  expect(ids(...values).sort()).toEqual(odd);
});

test("the worst comes first, with a signed score", () => {
  const outliers = findOutliers(tasks(50, 49, 51, 50, 20, 300));

  expect(outliers.map((outlier) => outlier.id)).toEqual(["task-5", "task-4"]);
  expect(outliers[1]?.score).toBeLessThan(-3.5);
});

test("a negligible difference is none", () => {
  expect(findOutliers(tasks(0, 0.3), { negligible: 1 })).toEqual([]);
  expect(findOutliers(tasks(0, 5), { negligible: 1 })).toHaveLength(1);
});

test("like tasks seldom have an outlier", () => {
  const random = seededRandom(1);
  for (const size of [2, 3, 4, 5, 6, 10, 20]) {
    let false_ = 0;
    for (let run = 0; run < 1000; run++)
      if (findOutliers(tasks(...Array.from({ length: size }, () => 50 + 5 * random.normal()))).length > 0)
        false_++;

    expect(false_ / 1000).toBeLessThan(0.02);
  }
});

test("order and unit do not matter, and scores are finite", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 20 }).map((values) => tasks(...values)),
      fc.integer({ min: -10, max: 10 }),
      (values, exponent) => {
        const plain = findOutliers(values);
        const scaled = values.map(({ id, value }) => ({ id, value: value * 2 ** exponent }));

        expect(findOutliers([...values].reverse())).toEqual(plain);
        expect(findOutliers(scaled)).toEqual(plain);
        for (const { score } of plain) expect(Number.isFinite(score)).toBe(true);
      },
    ),
  );
});
