import fc from "fast-check";
import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../test/samples/series/seeded-random.ts";
import { loadCorrelation } from "./load-correlation.ts";

const START = Date.UTC(2025, 0, 15, 10);
const points = (values: readonly number[]) => values.map((v, i) => ({ t: START + i * 60_000, v }));
const options = { periodSeconds: 60 };
const SEEDS = 100;
/** What detectors and signs call following. */
const FOLLOWS = 0.3;

/** The share of seeds in which the symptom follows the load. */
function following(generate: (random: Random) => readonly [readonly number[], readonly number[]]): number {
  let count = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    const [load, symptom] = generate(seededRandom(seed));
    const { correlation } = loadCorrelation(points(load), points(symptom), options);
    if ((correlation ?? 0) >= FOLLOWS) count++;
  }
  return count / SEEDS;
}

const hour = (level: (index: number) => number) => Array.from({ length: 60 }, (_, i) => level(i));
const busy = (random: Random, load: readonly number[]) => load.map((v) => v / 20 + 2 * random.normal());

test.each([
  ["a step of the load", (i: number, onset: number) => (i < onset ? 300 : 900)],
  ["a step by half", (i: number, onset: number) => (i < onset ? 300 : 450)],
  ["a ramp of the load", (i: number, onset: number) => 300 + Math.max(0, i - onset) * 20],
  ["the load's waves", (i: number, onset: number) => 600 + 300 * Math.sin((i + onset) / 9)],
])("CPU follows %s", (_, level) => {
  const share = following((random) => {
    const onset = random.integer(15, 45);
    const load = hour((i) => random.poisson(level(i, onset)));
    return [load, busy(random, load)];
  });

  expect(share).toBeGreaterThan(0.9);
});

test("CPU follows a step that it shows a period later", () => {
  const share = following((random) => {
    const load = hour((i) => random.poisson(i < 40 ? 300 : 900));
    return [load, busy(random, [load[0] ?? 0, ...load.slice(0, -1)])];
  });

  expect(share).toBeGreaterThan(0.9);
});

test.each([
  ["both rise in the morning", (i: number) => 300 + i * 5, (i: number) => 30 + i * 0.3],
  ["memory leaks while traffic grows", (i: number) => 300 + i * 8, (i: number) => 50 + i * 0.5],
  [
    "one steps five minutes after the other",
    (i: number) => (i < 40 ? 300 : 600),
    (i: number) => (i < 45 ? 20 : 80),
  ],
  ["nothing happens", () => 300, () => 50],
])("nothing follows where %s", (_, load, symptom) => {
  const share = following((random) => [
    hour((i) => random.poisson(load(i))),
    hour((i) => symptom(i) + 2 * random.normal()),
  ]);

  expect(share).toBeLessThan(0.06);
});

test("what cannot be said is undefined", () => {
  const load = points(hour((i) => (i < 40 ? 100 : 300)));

  expect(loadCorrelation([], load, options).correlation).toBeUndefined();
  expect(loadCorrelation(load, points(new Array(60).fill(5)), options).correlation).toBeUndefined();
  const seven = points([1, 5, 2, 8, 1, 9, 3]);
  expect(loadCorrelation(seven, seven, options).correlation).toBeUndefined();
  const eight = points([1, 5, 2, 8, 1, 9, 3, 4]);
  expect(loadCorrelation(eight, eight, options).correlation).toBe(1);
});

test("any input is answered within bounds", () => {
  const anyPoints = fc.array(fc.record({ t: fc.double(), v: fc.double() }), { maxLength: 60 });
  fc.assert(
    fc.property(anyPoints, anyPoints, (load, symptom) => {
      const { correlation } = loadCorrelation(load, symptom, options);

      if (correlation !== undefined) expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
    }),
  );
});
