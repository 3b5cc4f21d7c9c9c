import fc from "fast-check";
import { expect, test } from "vitest";
import { loadCorrelation } from "./load-correlation.ts";

const START = Date.UTC(2025, 0, 15, 10);
const points = (values: readonly number[]) => values.map((v, i) => ({ t: START + i * 60_000, v }));
const options = { periodSeconds: 60 };
const noise = (i: number) => Math.sin(i * i);
const curve = (level: (i: number) => number) =>
  points(Array.from({ length: 60 }, (_, i) => level(i) + noise(i)));

test("traffic that tripled with the symptom explains it", () => {
  const load = curve((i) => (i < 40 ? 100 : 300));
  const latency = curve((i) => (i < 40 ? 20 : 80));

  const { correlation, loadRatio } = loadCorrelation(load, latency, options);

  expect(correlation).toBeGreaterThan(0.8);
  expect(loadRatio).toBeCloseTo(3, 1);
});

test("a symptom without growth of load has a ratio of one", () => {
  const load = curve(() => 100);
  const latency = curve((i) => (i < 40 ? 20 : 80));

  expect(loadCorrelation(load, latency, options).loadRatio).toBeCloseTo(1, 1);
});

test("load that grew before the symptom is measured against what it was before its growth", () => {
  const load = curve((i) => (i < 20 ? 100 : 250));
  const latency = curve((i) => (i < 45 ? 20 : 80));

  expect(loadCorrelation(load, latency, options).loadRatio).toBeCloseTo(2.5, 1);
});

test("the onset can be given", () => {
  const load = points([10, 10, 10, 10, 40, 40]);

  expect(loadCorrelation(load, [], { ...options, onset: START + 4 * 60_000 }).loadRatio).toBe(4);
});

test("what cannot be said is undefined", () => {
  const load = curve((i) => (i < 40 ? 100 : 300));

  expect(loadCorrelation([], load, options)).toEqual({ correlation: undefined, loadRatio: undefined });
  expect(loadCorrelation(points([1, 2, 3]), points([1, 2, 3]), options).correlation).toBeUndefined();
  expect(loadCorrelation(load, points(new Array(60).fill(5)), options).correlation).toBeUndefined();
  expect(loadCorrelation(points(new Array(60).fill(0)), load, options).loadRatio).toBeUndefined();
  expect(loadCorrelation(load, load, { ...options, onset: START }).loadRatio).toBeUndefined();
});

test("only the order of values matters, and any input is answered within bounds", () => {
  const values = fc.array(fc.oneof(fc.double(), fc.integer({ min: 0, max: 20 })), { maxLength: 60 });
  fc.assert(
    fc.property(values, values, (a, b) => {
      const { correlation, loadRatio } = loadCorrelation(points(a), points(b), options);
      const mirrored = loadCorrelation(points(a), points(b.map((v) => -v)), options).correlation;

      if (loadRatio !== undefined) expect(Number.isFinite(loadRatio)).toBe(true);
      if (correlation === undefined) return;
      expect(Math.abs(correlation)).toBeLessThanOrEqual(1);
      expect(mirrored).toBeCloseTo(-correlation);
    }),
  );
});
