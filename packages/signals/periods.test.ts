/** The same story in periods of 5, 20, 60 and 300 s is read alike: nothing here is counted in minutes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { HELD_OUT } from "../../test/samples/series/held-out-shapes.ts";
import { seededRandom } from "../../test/samples/series/seeded-random.ts";
import { FIRST_SHAPES, SECOND_SHAPES } from "../../test/samples/series/tuning-shapes.ts";
import { compareTasks } from "./compare-tasks.ts";
import { loadCorrelation } from "./load-correlation.ts";
import type { Point } from "./point.ts";
import type { SeriesSummary } from "./series-summary.ts";
import { summarizeSeries } from "./summarize-series.ts";

const START = Date.UTC(2025, 0, 15, 10);
const PERIODS = [5, 20, 300];
const SHAPES = { ...FIRST_SHAPES, ...SECOND_SHAPES, ...HELD_OUT };

/** The points of a story told in `from` seconds, told in `to` seconds. */
const told = (points: readonly Point[], from: number, to: number): Point[] =>
  points.map(({ t, v }) => ({ t: START + ((t - START) * to) / from, v }));

/** A summary with its times counted in periods. */
function inPeriods(summary: SeriesSummary | undefined, periodSeconds: number): unknown {
  if (summary === undefined) return undefined;
  const at = (time: string | undefined) =>
    time === undefined ? undefined : (Date.parse(time) - START) / periodSeconds / 1000;
  const { first, last, onset, changedAt, slopePerMinute, trend, teeth, ...rest } = summary;
  return {
    ...rest,
    times: [first, last, onset, changedAt, trend?.since, teeth?.since].map(at),
    trend: trend && [trend.direction, trend.older],
    teeth: teeth && [teeth.floor, teeth.peak, teeth.floorMoves],
    rising: Math.sign(slopePerMinute),
  };
}

test("a series has the same summary in periods of its own", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(SHAPES)),
      fc.nat({ max: 500 }),
      fc.constantFrom(...PERIODS),
      (name, seed, period) => {
        const story = SHAPES[name]?.(seededRandom(seed), 8);
        if (story === undefined) throw new Error(`no shape called ${name}`);
        const { points, periodSeconds, alarmAt } = story;
        const later =
          alarmAt === undefined ? undefined : told([{ t: alarmAt, v: 0 }], periodSeconds, period)[0]?.t;

        expect(
          inPeriods(
            summarizeSeries(told(points, periodSeconds, period), { periodSeconds: period, alarmAt: later }),
            period,
          ),
        ).toEqual(inPeriods(summarizeSeries(points, { periodSeconds, alarmAt }), periodSeconds));
      },
    ),
    { numRuns: 300 },
  );
});

test("tasks compare alike, and load is followed alike", () => {
  const walk = fc.array(fc.integer({ min: 0, max: 90 }), { minLength: 12, maxLength: 40 });
  const minutes = (values: readonly number[]) => values.map((v, i) => ({ t: START + i * 60_000, v }));
  fc.assert(
    fc.property(walk, walk, walk, fc.constantFrom(...PERIODS), (one, other, third, period) => {
      const tasks = [one, other, third].map((values, index) => ({ id: `${index}`, points: minutes(values) }));
      const slow = tasks.map(({ id, points }) => ({ id, points: told(points, 60, period) }));
      const positions = (given: typeof tasks, periodSeconds: number) =>
        [...compareTasks(given, { periodSeconds })].map(([id, { position, score }]) => [id, position, score]);

      expect(positions(slow, period)).toEqual(positions(tasks, 60));
      expect(
        loadCorrelation(slow[0]?.points ?? [], slow[1]?.points ?? [], { periodSeconds: period }),
      ).toEqual(loadCorrelation(minutes(one), minutes(other), { periodSeconds: 60 }));
    }),
  );
});
