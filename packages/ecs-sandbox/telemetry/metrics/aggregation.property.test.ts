import fc from "fast-check";
import { expect, test } from "vitest";
import { runQuery } from "./metric-query.ts";
import { createMetricStore } from "./metric-store.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7);
const METRIC = { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: "web" } };

const measurements = fc.array(
  fc.record({ offset: fc.integer({ min: 0, max: 300_000 }), value: fc.integer({ min: -50, max: 50 }) }),
  { maxLength: 80 },
);

/** The statistics written out plainly over the values of one period. */
const oracle: Record<string, (values: number[]) => number> = {
  Sum: (values) => values.reduce((total, value) => total + value, 0),
  Average: (values) => values.reduce((total, value) => total + value, 0) / values.length,
  Minimum: (values) => Math.min(...values),
  Maximum: (values) => Math.max(...values),
  SampleCount: (values) => values.length,
  p50: (values) => values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * 0.5) - 1)] ?? 0,
  p99: (values) => values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * 0.99) - 1)] ?? 0,
};

test("every period of a window has the statistic of exactly the samples inside it", () => {
  fc.assert(
    fc.property(
      measurements,
      fc.constantFrom(1, 5, 10, 20, 30, 60, 120),
      fc.constantFrom(...Object.keys(oracle)),
      fc.integer({ min: 0, max: 200_000 }),
      fc.integer({ min: 200_001, max: 300_000 }),
      (all, period, statistic, startOffset, endOffset) => {
        const store = createMetricStore(() => ORIGIN + 300_000);
        store.put(all.map(({ offset, value }) => ({ ...METRIC, value, at: ORIGIN + offset })));
        const query = {
          Id: "m1",
          MetricStat: {
            Metric: {
              Namespace: METRIC.namespace,
              MetricName: METRIC.name,
              Dimensions: [{ Name: "ServiceName", Value: "web" }],
            },
            Period: period,
            Stat: statistic,
          },
        };

        const window = { start: ORIGIN + startOffset, end: ORIGIN + endOffset };
        const { points } = runQuery(query, [query], window, store);

        const expected = new Map<number, number>();
        for (let at = ORIGIN - 120_000; at < window.end; at += 1000) {
          if (at % (period * 1000) !== 0 || at + period * 1000 <= window.start) continue;
          const inside = all.filter(({ offset }) => {
            const time = ORIGIN + offset;
            return time >= at && time < at + period * 1000;
          });
          const compute = oracle[statistic];
          if (inside.length > 0 && compute) expected.set(at, compute(inside.map(({ value }) => value)));
        }
        expect([...points.keys()]).toEqual([...expected.keys()]);
        for (const [at, value] of expected) expect(points.get(at)).toBeCloseTo(value, 9);
      },
    ),
    { numRuns: 200 },
  );
});
