import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../test/samples/series/seeded-random.ts";
import { summarizeSeries } from "./summarize-series.ts";

const START = Date.UTC(2025, 0, 15, 10);
const SEEDS = 200;

/** Sixty points about 75 with autocorrelated noise, as memory has it, and what `add` adds. */
function memory(random: Random, add: (index: number) => number, { sd = 0.5, likeness = 0 } = {}) {
  let state = 0;
  return Array.from({ length: 60 }, (_, i) => {
    state = likeness * state + Math.sqrt(1 - likeness ** 2) * random.normal();
    return { t: START + i * 60_000, v: 75 + add(i) + sd * state };
  });
}

const read = (points: Parameters<typeof summarizeSeries>[0]) =>
  summarizeSeries(points, { periodSeconds: 60, goodDirection: "low", upperEnd: 100 });

function share(holds: (random: Random) => boolean): number {
  let found = 0;
  for (let seed = 0; seed < SEEDS; seed++) if (holds(seededRandom(seed))) found++;
  return found / SEEDS;
}

test("a leak of hours began before its first point, however small the part that is seen", () => {
  const older = share((random) => read(memory(random, (i) => (4 * i) / 59))?.trend?.older === true);

  expect(older).toBeGreaterThan(0.9);
});

test("a leak that begins within the window is found at its beginning", () => {
  const found = share((random) => {
    const trend = read(memory(random, (i) => Math.max(0, i - 20) * 0.3))?.trend;
    const late = (Date.parse(trend?.since ?? "") - START) / 60_000 - 20;
    return trend?.direction === "up" && !trend.older && Math.abs(late) <= 5;
  });

  expect(found).toBeGreaterThan(0.9);
});

test("noise has no trend, and neither has noise that follows itself", () => {
  expect(share((random) => read(memory(random, () => 0))?.trend !== undefined)).toBeLessThan(0.01);
  expect(
    share((random) => read(memory(random, () => 0, { likeness: 0.9 }))?.trend !== undefined),
  ).toBeLessThan(0.1);
});

test("a weak trend in noise is still seen", () => {
  expect(share((random) => read(memory(random, (i) => i / 45))?.trend !== undefined)).toBeGreaterThan(0.3);
});

test("a step is no trend", () => {
  expect(share((random) => read(memory(random, (i) => (i < 40 ? 0 : 5)))?.trend !== undefined)).toBeLessThan(
    0.01,
  );
});

test("a fall is one downward, with its slope", () => {
  const trend = read(memory(seededRandom(1), (i) => -0.2 * i, { sd: 0.1 }))?.trend;

  expect(trend).toMatchObject({ direction: "down", older: true });
  expect(trend?.perMinute).toBeCloseTo(-0.2, 2);
});
