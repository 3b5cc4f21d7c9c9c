import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../test/samples/series/seeded-random.ts";
import { compareTasks } from "./compare-tasks.ts";

const START = Date.UTC(2025, 0, 15, 10);
const at = (index: number) => new Date(START + index * 60_000).toISOString();
const options = { periodSeconds: 60 };

/** Tasks `a`, `b` ... of forty periods each. */
const tasks = (...levels: readonly ((index: number) => number)[]) =>
  levels.map((level, task) => ({
    id: "abcdefghijklmnopqrstuvwxyz"[task] ?? "",
    points: Array.from({ length: 40 }, (_, i) => ({ t: START + i * 60_000, v: level(i) })),
  }));
const levels = (...values: readonly number[]) => tasks(...values.map((value) => () => value));
const positions = (given: ReturnType<typeof tasks>, more = {}) =>
  [...compareTasks(given, { ...options, ...more })].map(([id, { position }]) => `${id} ${position}`);
/** The tasks that stand apart. */
const apart = (...values: readonly number[]) =>
  positions(levels(...values)).filter((text) => !text.endsWith("alike"));

test.each([
  { name: "one", values: [99], odd: [] },
  { name: "a pair near each other", values: [40, 50], odd: [] },
  { name: "a pair, one leaking", values: [40, 60], odd: ["a below", "b above"] },
  { name: "a pair with an idle one", values: [50, 0], odd: ["a above", "b below"] },
  { name: "two idle", values: [0, 0], odd: [] },
  { name: "three, one leaking", values: [40, 42, 60], odd: ["c above"] },
  { name: "three, one hot", values: [22, 22, 127], odd: ["c above"] },
  { name: "three near-equal", values: [10, 10.01, 10.5], odd: [] },
  { name: "three all different", values: [10, 50, 90], odd: [] },
  { name: "four, one hot", values: [20, 22, 21, 95], odd: ["d above"] },
  { name: "four constant, one a little off", values: [50, 50, 50, 52], odd: [] },
  { name: "four, one a third off", values: [50, 50, 50, 66], odd: [] },
  { name: "four, one two fifths off", values: [50, 50, 50, 70], odd: ["d above"] },
  { name: "six, one dead and one hot", values: [50, 49, 51, 50, 0, 99], odd: ["e below", "f above"] },
  { name: "broken values", values: [Number.NaN, 20, 21, Number.POSITIVE_INFINITY, 22], odd: [] },
])("$name", ({ values, odd }) => {
  expect(apart(...values)).toEqual(odd);
});

test("a task says since when it is apart, by its difference from the others under one load", () => {
  const load = (i: number) => 30 + 10 * Math.sin(i / 6) + Math.sin(i * i);
  const given = tasks(
    load,
    (i) => load(i) + Math.cos(i * i),
    (i) => load(i) + (i < 25 ? 0 : 50),
  );

  expect(compareTasks(given, options).get("c")).toMatchObject({
    others: 2,
    position: "above",
    since: at(25),
  });
  expect(compareTasks(given, options).get("a")).toMatchObject({ position: "alike" });
});

test("a difference that the series always had has no beginning", () => {
  expect(compareTasks(levels(30, 30, 60), options).get("c")).not.toHaveProperty("since");
});

test("noise from period to period is no difference", () => {
  const wild = (seed: number) => (i: number) => 50 + 40 * Math.sin(seed * i * i);

  expect(positions(tasks(wild(1), wild(2), wild(3))).filter((text) => !text.endsWith("alike"))).toEqual([]);
});

test("tasks without present points are not compared", () => {
  const given = levels(20, 20, 90);
  const gone = given.map((task) => (task.id === "c" ? { ...task, points: task.points.slice(0, 30) } : task));

  expect(positions(gone)).toEqual(["a alike", "b alike"]);
});

test("a negligible difference is none", () => {
  expect(positions(levels(0, 0.9), { negligible: 1 })).toEqual(["a alike", "b alike"]);
  expect(positions(levels(0, 1.1), { negligible: 1 })).toEqual(["a below", "b above"]);
});

test("like tasks seldom have one apart", () => {
  const random = seededRandom(1);
  for (const size of [2, 3, 4, 6, 10]) {
    let false_ = 0;
    for (let run = 0; run < 200; run++) {
      const own = Array.from({ length: size }, () => 50 + 5 * random.normal());
      if (apart(...own).length > 0) false_++;
    }

    expect(false_ / 200).toBeLessThan(0.05);
  }
});

test("the order of tasks and the unit do not matter, and scores are finite", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 }),
      fc.integer({ min: -10, max: 10 }),
      (values, exponent) => {
        const plain = compareTasks(levels(...values), options);
        const scaled = compareTasks(levels(...values.map((value) => value * 2 ** exponent)), options);
        const reversed = compareTasks(levels(...values).reverse(), options);

        for (const [id, one] of plain) {
          expect(reversed.get(id)).toEqual(one);
          expect(scaled.get(id)).toMatchObject({ position: one.position, score: one.score });
          expect(Number.isFinite(one.score)).toBe(true);
        }
      },
    ),
  );
});
