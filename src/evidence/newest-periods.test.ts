/** Silence is never health: what the newest periods of the alarm's metric say, and when they say nothing. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Comparison } from "../domain/alert.ts";
import type { Point } from "../domain/reading.ts";
import { judgeNewestPeriods } from "./newest-periods.ts";
import type { MissingData, WatchedMetric } from "./watched-metric.ts";

const MINUTE = 60_000;
const TO = Date.parse("2026-11-23T07:00:00Z");

const watching = (
  comparison: Comparison,
  threshold: number,
  treatMissingData: MissingData = "missing",
): WatchedMetric => ({
  metric: { namespace: "n", name: "m", statistic: "Sum", dimensions: {}, periodSeconds: 60 },
  comparison,
  threshold,
  evaluationPeriods: 2,
  datapointsToAlarm: 2,
  treatMissingData,
});
const high = watching("GreaterThanThreshold", 80);
const low = watching("LessThanThreshold", 5);

/** Points of whole minutes, the last one `missing` periods before the newest. */
const series = (values: readonly number[], missing = 0): Point[] =>
  values.map((v, index) => ({ t: TO - (values.length - index + missing) * MINUTE, v }));

describe("with points in the newest periods", () => {
  it("says the side on which one of them is beyond the threshold", () => {
    expect(judgeNewestPeriods(series([40, 95, 41]), high, TO)).toEqual({ inside: false, beyond: "above" });
    expect(judgeNewestPeriods(series([40, 1, 41]), low, TO)).toEqual({ inside: false, beyond: "below" });
  });

  it("looks at as many as the alarm evaluates", () => {
    expect(judgeNewestPeriods(series([95, 40, 41]), high, TO)).toEqual({ inside: true });
    expect(judgeNewestPeriods(series([40]), high, TO)).toEqual({});
    expect(judgeNewestPeriods(series([95]), high, TO)).toEqual({ inside: false, beyond: "above" });
  });

  it.each([1, 2])("waits for %i late periods", (missing) => {
    expect(judgeNewestPeriods(series([40, 41], missing), high, TO)).toEqual({ inside: true });
    expect(judgeNewestPeriods(series([40, 95], missing), high, TO)).toMatchObject({ beyond: "above" });
  });
});

describe("a metric that is silent", () => {
  const silent = series([50, 50, 50, 50], 3);
  const judged = (state: string | undefined, treatment: MissingData, points = silent) =>
    judgeNewestPeriods(points, watching("LessThanThreshold", 5, treatment), TO, state);

  it.each(["missing", "ignore"] as const)("says nothing where missing data are %s", (treatment) => {
    for (const state of ["OK", "ALARM", "INSUFFICIENT_DATA", undefined]) {
      expect(judged(state, treatment)).toEqual({});
    }
  });

  it("is outside, on no side, where missing data are breaching", () => {
    for (const state of ["OK", "ALARM", undefined]) {
      expect(judged(state, "breaching")).toEqual({ inside: false });
      expect(judged(state, "breaching", [])).toEqual({ inside: false });
    }
  });

  it("is inside where missing data are not breaching and AWS says OK", () => {
    expect(judged("OK", "notBreaching")).toEqual({ inside: true });
    expect(judged("ALARM", "notBreaching")).toEqual({});
    expect(judged(undefined, "notBreaching")).toEqual({});
  });

  it("is no late one where AWS says ALARM and counts missing data as breaching", () => {
    expect(judged("ALARM", "breaching", series([50, 50], 1))).toEqual({ inside: false });
    expect(judged("OK", "breaching", series([50, 50], 2))).toEqual({ inside: true });
    expect(judged("ALARM", "breaching", series([50, 50], 0))).toEqual({ inside: true });
  });

  it("is never called inside, whatever it was and whatever the alarm watches", () => {
    const arbitrary = fc.tuple(
      fc.array(fc.double({ min: 0, max: 100, noNaN: true })),
      fc.integer({ min: 3, max: 40 }),
      fc.constantFrom(...Comparison.options),
      fc.constantFrom("ALARM", "INSUFFICIENT_DATA", undefined),
      fc.constantFrom("breaching" as const, "notBreaching" as const, "missing" as const, "ignore" as const),
    );

    fc.assert(
      fc.property(arbitrary, ([values, missing, comparison, state, treatment]) => {
        const watched = watching(comparison, 50, treatment);
        const found = judgeNewestPeriods(series(values, missing), watched, TO, state);

        expect(found.inside).not.toBe(true);
        expect(found.beyond).toBeUndefined();
      }),
    );
  });
});

describe("an anomaly band", () => {
  const edges = { lower: 20, upper: 60 };
  const band = (known: readonly number[]): WatchedMetric => {
    const { threshold: _, ...rest } = watching("LessThanLowerOrGreaterThanUpperThreshold", 0);
    return { ...rest, band: new Map(known.map((index) => [TO - index * MINUTE, edges])) };
  };

  it("has two sides", () => {
    expect(judgeNewestPeriods(series([40, 70]), band([1, 2]), TO)).toEqual({
      inside: false,
      beyond: "above",
    });
    expect(judgeNewestPeriods(series([40, 10]), band([1, 2]), TO)).toEqual({
      inside: false,
      beyond: "below",
    });
    expect(judgeNewestPeriods(series([40, 41]), band([1, 2]), TO)).toEqual({ inside: true });
  });

  it("says nothing for a period without its edges", () => {
    expect(judgeNewestPeriods(series([40, 41]), band([1]), TO)).toEqual({});
  });
});
