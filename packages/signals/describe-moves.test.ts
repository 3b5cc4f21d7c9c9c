import { expect, test } from "vitest";
import { type Random, seededRandom } from "../../test/samples/series/seeded-random.ts";
import { summarizeSeries } from "./summarize-series.ts";

const START = Date.UTC(2025, 0, 15, 10);
const SEEDS = 100;

function read(values: readonly number[]) {
  const points = values.map((v, i) => ({ t: START + i * 60_000, v }));
  return summarizeSeries(points, { periodSeconds: 60, goodDirection: "low", upperEnd: 100 });
}

function count(holds: (random: Random) => boolean): number {
  let found = 0;
  for (let seed = 0; seed < SEEDS; seed++) if (holds(seededRandom(seed))) found++;
  return found / SEEDS;
}

/** Memory of a runtime whose collector runs every `tooth` minutes; `kept` stays behind each minute. */
function collected(random: Random, tooth: number, kept: number): number[] {
  const floor = random.uniform(30, 50);
  const height = random.uniform(8, 25);
  let level = floor + height * random.uniform(0, 1);
  return Array.from({ length: 60 }, (_, i) => {
    level += kept + (height / tooth) * (1 + 0.3 * random.normal());
    if (level > floor + kept * i + height) level = floor + kept * i + Math.abs(random.normal());
    return level + 0.4 * random.normal();
  });
}

test("a garbage collector goes back to the same level", () => {
  const moves = count((random) => read(collected(random, 10, 0))?.teeth?.floorMoves !== false);

  expect(moves).toBeLessThan(0.1);
});

test("a leak under a garbage collector leaves more behind each time", () => {
  const moves = count((random) => read(collected(random, 8, 0.3))?.teeth?.floorMoves === true);

  expect(moves).toBeGreaterThan(0.95);
});

test("three returns tell, and of two nobody knows", () => {
  expect(read(Array.from({ length: 60 }, (_, i) => 40 + (i % 16)))?.teeth?.floorMoves).toBe(false);

  const teeth = read(Array.from({ length: 60 }, (_, i) => 40 + (i % 25)))?.teeth;

  expect(teeth).toEqual({ peak: 64, floor: 40, since: new Date(START + 25 * 60_000).toISOString() });
});

test("a load that falls again by itself recedes, by how much it has lost", () => {
  const falling = (random: Random) =>
    read(
      Array.from(
        { length: 60 },
        (_, i) => 20 + (i < 40 ? 0 : i < 45 ? 60 : 60 - (i - 44) * 2) + 2 * random.normal(),
      ),
    )?.receding;

  expect(count((random) => Math.abs((falling(random) ?? 0) - 0.5) < 0.15)).toBeGreaterThan(0.9);
});

test("a burst that dies away recedes, in any shape", () => {
  const dying = (random: Random) =>
    read(
      Array.from(
        { length: 54 },
        (_, i) => 20 + (i < 40 ? 0 : 65 * Math.exp((40 - i) / 8)) + 2 * random.normal(),
      ),
    )?.receding;

  expect(count((random) => (dying(random) ?? 0) > 0.5)).toBeGreaterThan(0.9);
});

test("a level that stays, and one that still climbs, does not recede", () => {
  const stays = (random: Random) =>
    read(Array.from({ length: 60 }, (_, i) => (i < 40 ? 20 : 85) + 3 * random.normal()))?.receding;
  const climbs = (random: Random) =>
    read(Array.from({ length: 60 }, (_, i) => 20 + Math.max(0, i - 40) * 3 + 2 * random.normal()))?.receding;

  expect(count((random) => stays(random) !== undefined)).toBeLessThan(0.05);
  expect(count((random) => climbs(random) !== undefined)).toBeLessThan(0.02);
});
