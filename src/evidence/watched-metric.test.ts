import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ago, NOW } from "../../test/samples/facts.ts";
import { Comparison } from "../domain/alert.ts";
import type { SeriesSummary } from "../domain/evidence.ts";
import type { AlarmReading, Point } from "../domain/reading.ts";
import { goodSide, withSymptomOnset, withThreshold } from "./known-onset.ts";
import {
  isAboutBand,
  isInside,
  queriesOf,
  sideOf,
  type WatchedMetric,
  watchedBy,
  withBand,
} from "./watched-metric.ts";

const metric = {
  namespace: "AWS/ECS",
  name: "MemoryUtilization",
  dimensions: {},
  statistic: "Maximum",
  periodSeconds: 300,
};

const reading = (given: Partial<AlarmReading> = {}): AlarmReading => {
  const { name, ...series } = metric;
  return {
    name: "a",
    state: "ALARM",
    metric: name,
    ...series,
    comparison: "GreaterThanThreshold",
    threshold: 80,
    ...given,
  };
};

const limit = (given: Partial<WatchedMetric>): WatchedMetric => ({
  metric,
  threshold: 80,
  comparison: "GreaterThanThreshold",
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  treatMissingData: "missing",
  ...given,
});

describe("the watched metric", () => {
  it("is what DescribeAlarms has", () => {
    const alarm = reading({
      threshold: 0,
      comparison: "LessThanThreshold",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "breaching",
    });

    expect(watchedBy(alarm)).toEqual({
      metric,
      threshold: 0,
      comparison: "LessThanThreshold",
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: "breaching",
    });
    expect(watchedBy(reading())).toEqual(limit({}));
  });

  it.each([
    ["no alarm", undefined],
    ["no comparison", reading({ comparison: undefined as never })],
    ["no threshold", reading({ threshold: undefined as never })],
    ["a threshold that is no number", reading({ threshold: Number.NaN })],
    ["a band's comparison without a band", reading({ comparison: "LessThanLowerThreshold" })],
    ["a composite alarm", { name: "a", state: "ALARM", rule: "ALARM(b)" }],
  ])("is unknown with %s", (_what, alarm) => {
    expect(watchedBy(alarm)).toBeUndefined();
  });

  const math = [
    { id: "m1", returnData: false, metric: { ...metric, dimensions: {} } },
    { id: "e1", expression: "m1 / 2", label: "half", returnData: true, periodSeconds: 120 },
  ];

  it("of metric math is the query that returns data, read by all of the alarm's queries", () => {
    const watched = watchedBy({
      name: "a",
      state: "ALARM",
      comparison: "LessThanThreshold",
      threshold: 5,
      queries: math,
    });

    expect(watched).toMatchObject({
      metric: { name: "half", periodSeconds: 300 },
      math: { queries: math, result: "e1" },
    });
    expect(watched && queriesOf(watched, "alarm")).toEqual([
      { id: "alarm", metric: watched?.metric, math: { queries: math, result: "e1" } },
    ]);
  });

  describe("of an anomaly band", () => {
    const queries = [
      { id: "m1", returnData: true, metric: { ...metric, dimensions: {} } },
      { id: "ad1", expression: "ANOMALY_DETECTION_BAND(m1, 2)", returnData: true },
    ];
    const band = (comparison: string) =>
      watchedBy({ name: "a", state: "ALARM", comparison, queries, bandQuery: "ad1" });

    it("has the plain series, and no threshold", () => {
      const watched = band("GreaterThanUpperThreshold");

      expect(watched?.metric).toEqual(metric);
      expect(watched).not.toHaveProperty("threshold");
      expect(watched && queriesOf(watched, "x").map(({ id, math: given }) => [id, given?.edge])).toEqual([
        ["x", undefined],
        ["x-lower", "lower"],
        ["x-upper", "upper"],
      ]);
    });

    it.each([
      ["GreaterThanUpperThreshold", [10, 25, 35], ["inside", "inside", "above"]],
      ["LessThanLowerThreshold", [10, 25, 35], ["below", "inside", "inside"]],
      ["LessThanLowerOrGreaterThanUpperThreshold", [10, 25, 35], ["below", "inside", "above"]],
    ])("says the side: %s", (comparison, values, sides) => {
      const watched = band(comparison);
      const read =
        watched &&
        withBand(
          watched,
          "x",
          new Map([
            ["x-lower", [{ t: 60, v: 20 }]],
            ["x-upper", [{ t: 60, v: 30 }]],
          ]),
        );

      expect(values.map((value) => read && sideOf(value, read, 60))).toEqual(sides);
    });

    it("says nothing where the band could not be read for that time", () => {
      const watched = band("GreaterThanUpperThreshold");
      const read = watched && withBand(watched, "x", new Map([["x-lower", [{ t: 60, v: 20 }]]]));

      expect(read && isInside(1000, read, 60)).toBeUndefined();
    });
  });

  it("is inside exactly when the alarm's comparison is not true", () => {
    const oracle: Record<string, (value: number, threshold: number) => boolean> = {
      GreaterThanThreshold: (value, threshold) => value > threshold,
      GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
      LessThanThreshold: (value, threshold) => value < threshold,
      LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
    };
    const plain = Comparison.options.filter((one) => !isAboutBand(one));

    fc.assert(
      fc.property(fc.constantFrom(...plain), fc.integer(), fc.integer(), (comparison, value, threshold) => {
        expect(isInside(value, limit({ comparison, threshold }))).toBe(
          !oracle[comparison]?.(value, threshold),
        );
      }),
    );
  });
});

describe("an onset that is known from elsewhere", () => {
  const watched = limit({ evaluationPeriods: 2 });
  const start = Date.parse(ago(600));
  const points = (...values: number[]): Point[] =>
    values.map((v, index) => ({ t: start + index * 60_000, v }));
  const at = (index: number) => new Date(start + index * 60_000).toISOString();
  const summary: SeriesSummary = {
    count: 1,
    first: ago(600),
    last: NOW,
    baseline: 1,
    current: 1,
    min: 1,
    max: 1,
    direction: "none",
    shape: "flat",
    slopePerMinute: 0,
  };

  it("is the first of the newest points beyond the threshold", () => {
    const found = withThreshold(summary, points(40, 42, 90, 41, 95, 97), watched, "above");

    expect(found).toMatchObject({
      onset: at(4),
      baseline: 41.5,
      current: 96,
      direction: "up",
      shape: "step",
    });
  });

  it("falls where low is bad", () => {
    const low = { ...watched, threshold: 2, comparison: "LessThanThreshold" as const };

    expect(goodSide(low)).toBe("high");
    expect(withThreshold(summary, points(3, 3, 1, 1), low, "below")).toMatchObject({
      onset: at(2),
      direction: "down",
    });
  });

  it.each([
    ["the series has an onset of its own", { ...summary, onset: ago(60) }, points(40, 95, 95), "above"],
    ["the newest points are inside", summary, points(40, 95, 40, 41), undefined],
    ["it was never inside", summary, points(95, 96, 97), "above"],
    ["there is no point", summary, [], "above"],
  ] as const)("changes nothing when %s", (_, given, series, beyond) => {
    expect(withThreshold(given, series, watched, beyond)).toBe(given);
  });

  it("of a symptom makes a step of a series that is wholly higher after it, by half at least", () => {
    const onset = start + 3 * 60_000;
    const step = (...values: number[]) => withSymptomOnset(summary, points(...values), onset).onset;

    expect(step(100, 101, 99, 300, 310)).toBe(new Date(onset).toISOString());
    expect(step(100, 101, 99, 140, 145)).toBeUndefined();
    expect(step(100, 301, 99, 300, 310)).toBeUndefined();
    expect(step(100, 101, 99, 300)).toBeUndefined();
  });

  it("makes a step down of a series that is wholly lower after it, by as much", () => {
    const onset = start + 3 * 60_000;
    const step = (...values: number[]) => withSymptomOnset(summary, points(...values), onset);

    expect(step(300, 310, 305, 100, 101)).toMatchObject({ direction: "down", baseline: 305, current: 100.5 });
    expect(step(145, 140, 142, 100, 101).onset).toBeUndefined();
    expect(step(300, 310, 90, 100, 101).onset).toBeUndefined();
  });
});
