import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ago, NOW, TARGET } from "../../test/samples/facts.ts";
import { type AlarmDetails, type Alert, Comparison } from "../domain/alert.ts";
import type { SeriesSummary } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import { goodSide, withSymptomOnset, withThreshold } from "./known-onset.ts";
import { isInside, type WatchedMetric, watchedMetric } from "./watched-metric.ts";

const alert = (given: Partial<Alert>): Alert => ({
  key: "k",
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: NOW,
  receivedAt: NOW,
  title: "t",
  target: TARGET,
  ...given,
});

const metric = {
  namespace: "AWS/ECS",
  name: "MemoryUtilization",
  dimensions: {},
  statistic: "Maximum",
  periodSeconds: 300,
};

describe("the watched metric", () => {
  const of = (given: Partial<Alert>) => watchedMetric(alert(given), TARGET, 60);
  const alarm = (given: Partial<AlarmDetails>) => of({ alarm: { name: "a", ...given } });

  it("is the alarm's own, with its period and its comparison", () => {
    expect(alarm({ metric, threshold: 0, comparison: "LessThanThreshold", evaluationPeriods: 3 })).toEqual({
      metric,
      threshold: 0,
      comparison: "LessThanThreshold",
      evaluationPeriods: 3,
    });
    expect(alarm({ metric, threshold: 80 })).toMatchObject({
      comparison: "GreaterThanThreshold",
      evaluationPeriods: 1,
    });
  });

  it("is unknown for an alarm without one metric or without a threshold", () => {
    expect(alarm({ threshold: 5 })).toBeUndefined();
    expect(alarm({ metric })).toBeUndefined();
  });

  it.each([
    ["cpu", "CPUUtilization"],
    ["CPUUtilization", "CPUUtilization"],
    ["cpu_utilisation", "CPUUtilization"],
    ["memory", "MemoryUtilization"],
    ["mem", "MemoryUtilization"],
    ["MemoryUtilization", "MemoryUtilization"],
  ])("is, for the simple form's %s, %s of the service", (name, expected) => {
    expect(of({ reported: { metric: name, value: 97, threshold: 80 } })).toMatchObject({
      metric: {
        namespace: "AWS/ECS",
        name: expected,
        dimensions: { ClusterName: "production", ServiceName: "shop" },
        periodSeconds: 60,
      },
      threshold: 80,
      comparison: "GreaterThanOrEqualToThreshold",
    });
  });

  it("knows the good side from the value that was reported", () => {
    const watched = of({ reported: { metric: "cpu", value: 3, threshold: 5 } });

    expect(watched?.comparison).toBe("LessThanOrEqualToThreshold");
  });

  it.each(["latency", "queue depth", "", "cpus"])("is unknown for the simple form's %j", (name) => {
    expect(of({ reported: { metric: name, value: 1, threshold: 0 } })).toBeUndefined();
  });

  it("is inside exactly when the alarm's comparison is not true", () => {
    const oracle: Record<Comparison, (value: number, threshold: number) => boolean> = {
      GreaterThanThreshold: (value, threshold) => value > threshold,
      GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
      LessThanThreshold: (value, threshold) => value < threshold,
      LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
    };

    fc.assert(
      fc.property(
        fc.constantFrom(...Comparison.options),
        fc.integer(),
        fc.integer(),
        (comparison, value, threshold) => {
          expect(isInside(value, { comparison, threshold })).toBe(!oracle[comparison](value, threshold));
        },
      ),
    );
  });
});

describe("an onset that is known from elsewhere", () => {
  const watched: WatchedMetric = {
    metric,
    threshold: 80,
    comparison: "GreaterThanThreshold",
    evaluationPeriods: 2,
  };
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
