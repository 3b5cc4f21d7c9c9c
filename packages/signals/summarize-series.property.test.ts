import fc from "fast-check";
import { expect, test } from "vitest";
import type { Point } from "./point.ts";
import { SeriesSummary } from "./series-summary.ts";
import { summarizeSeries } from "./summarize-series.ts";

const START = Date.UTC(2025, 0, 15, 10);
const anyPoint = fc.record({
  t: fc.oneof(
    fc.integer({ min: 0, max: 200 }).map((i) => START + i * 60_000),
    fc.double(),
  ),
  v: fc.oneof(fc.double(), fc.integer({ min: 0, max: 3 }), fc.double({ min: 0, max: 100, noNaN: true })),
});
const series = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 0, max: 4000 }).map((v) => v / 16),
    ),
    {
      minLength: 1,
      maxLength: 80,
    },
  )
  .map((values) => values.map((v, index) => ({ t: START + index * 60_000, v })));
const options = { periodSeconds: 60 };

test("any input gives a valid summary or, with nothing usable, undefined", () => {
  fc.assert(
    fc.property(
      fc.array(anyPoint, { maxLength: 150 }),
      fc.record({
        periodSeconds: fc.oneof(fc.constantFrom(60, 5, 0, Number.NaN), fc.double()),
        alarmAt: fc.option(fc.oneof(fc.double(), fc.integer({ min: START, max: START + 9e6 })), {
          nil: undefined,
        }),
        goodDirection: fc.constantFrom("low" as const, "high" as const, undefined),
        absentIsZero: fc.option(fc.record({ from: fc.double(), to: fc.double() }), { nil: undefined }),
      }),
      (points, any) => {
        const summary = summarizeSeries(points, any);
        const usable = points.some(
          (p) => Math.abs(p.v) <= 1e100 && p.t >= 0 && p.t <= Date.UTC(9999, 11, 31),
        );

        expect(summary !== undefined).toBe(usable);
        if (!summary) return;
        expect(() => SeriesSummary.parse(summary)).not.toThrow();
        expect(summary.min).toBeLessThanOrEqual(summary.baseline);
        expect(summary.max).toBeGreaterThanOrEqual(summary.current);
      },
    ),
    { numRuns: 300 },
  );
});

test("order does not matter", () => {
  fc.assert(
    fc.property(
      fc
        .array(anyPoint, { maxLength: 80 })
        .chain((points) =>
          fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
        ),
      ([points, shuffled]) => {
        expect(summarizeSeries(shuffled, options)).toEqual(summarizeSeries(points, options));
      },
    ),
    { numRuns: 150 },
  );
});

test("a point delivered twice counts once", () => {
  fc.assert(
    fc.property(series, (points) => {
      expect(summarizeSeries([...points, ...points], options)).toEqual(summarizeSeries(points, options));
    }),
  );
});

test("a change of unit changes the unit only", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: -20, max: 20 }), (points, exponent) => {
      const factor = 2 ** exponent;
      const plain = summarizeSeries(points, options);
      const scaled = summarizeSeries(
        valuesMapped(points, (v) => v * factor),
        options,
      );

      expect(scaled).toEqual({
        ...plain,
        baseline: (plain?.baseline ?? 0) * factor,
        current: (plain?.current ?? 0) * factor,
        min: (plain?.min ?? 0) * factor,
        max: (plain?.max ?? 0) * factor,
        slopePerMinute: (plain?.slopePerMinute ?? 0) * factor,
        ...(plain?.trend ? { trend: { ...plain.trend, perMinute: plain.trend.perMinute * factor } } : {}),
      });
    }),
    { numRuns: 200 },
  );
});

test("a later day moves the times only", () => {
  fc.assert(
    fc.property(series, (points) => {
      const day = 86_400_000;
      const plain = summarizeSeries(points, options);
      const later = summarizeSeries(
        points.map(({ t, v }) => ({ t: t + day, v })),
        options,
      );
      const moved = (time: string | undefined) =>
        time ? new Date(Date.parse(time) + day).toISOString() : undefined;

      expect(later?.onset).toBe(moved(plain?.onset));
      expect(later).toMatchObject({
        shape: plain?.shape,
        baseline: plain?.baseline,
        first: moved(plain?.first),
      });
    }),
  );
});

test("a clear step stays one where it is on any level that its noise is not negligible against", () => {
  fc.assert(
    fc.property(fc.integer({ min: 8, max: 50 }), fc.integer({ min: -1000, max: 1000 }), (onset, level) => {
      const points = Array.from({ length: 60 }, (_, i) => ({
        t: START + i * 60_000,
        v: level + 10 * Math.sin(i * i) + (i < onset ? 0 : 100),
      }));

      expect(summarizeSeries(points, options)).toMatchObject({
        shape: "step",
        direction: "up",
        onset: new Date(START + onset * 60_000).toISOString(),
      });
    }),
  );
});

function valuesMapped(points: readonly Point[], change: (v: number) => number): Point[] {
  return points.map(({ t, v }) => ({ t, v: change(v) }));
}
