import { describe, expect, it } from "vitest";
import { NOW } from "../../test/samples/facts.ts";
import { evaluateAlarm } from "./alarm-evaluation.ts";
import type { MissingData, WatchedMetric } from "./watched-metric.ts";

const to = Date.parse(NOW);

const watched = (
  periods: number,
  enough: number,
  treatMissingData: MissingData = "missing",
): WatchedMetric => ({
  metric: {
    namespace: "AWS/ECS",
    name: "MemoryUtilization",
    dimensions: {},
    statistic: "Maximum",
    periodSeconds: 60,
  },
  threshold: 80,
  comparison: "GreaterThanThreshold",
  evaluationPeriods: periods,
  datapointsToAlarm: enough,
  treatMissingData,
});

/** The values of the newest periods, oldest first; undefined is a period without data. */
const series = (...values: (number | undefined)[]) =>
  values.flatMap((v, index) => (v === undefined ? [] : [{ t: to - (values.length - index) * 60_000, v }]));

describe("the newest periods", () => {
  it.each([
    ["all inside", [50, 50, 50], 3, 3, "inside"],
    ["as many beyond as the alarm needs", [50, 90, 90], 3, 2, "outside"],
    ["fewer beyond than the alarm needs", [50, 90, 50], 3, 2, "inside"],
    ["fewer beyond than the alarm needs, and too few inside", [90, 90, 50], 3, 3, "unknown"],
    ["one beyond, where one is enough", [50, 90, 50], 3, 1, "outside"],
    ["too few to say", [50], 3, 1, "unknown"],
    ["none", [], 1, 1, "unknown"],
  ] as const)("%s", (_what, values, periods, enough, verdict) => {
    expect(evaluateAlarm(series(...values), watched(periods, enough), to).verdict).toBe(verdict);
  });

  it("that are only late do not count", () => {
    expect(
      evaluateAlarm(series(50, 50, 50, undefined, undefined), watched(3, 3, "breaching"), to).verdict,
    ).toBe("inside");
  });

  it.each([
    ["breaching", "outside"],
    ["notBreaching", "unknown"],
    ["missing", "unknown"],
    ["ignore", "unknown"],
  ] as const)("that are silent, with missing data %s", (treatment, verdict) => {
    const silent = series(50, ...Array.from({ length: 8 }, () => undefined));

    expect(evaluateAlarm(silent, watched(1, 1, treatment), to).verdict).toBe(verdict);
  });

  it("without data are inside where missing data is well and one period has data", () => {
    const points = series(50, undefined, undefined, undefined);

    expect(evaluateAlarm(points, watched(2, 2, "notBreaching"), to).verdict).toBe("inside");
    expect(evaluateAlarm(points, watched(2, 2, "missing"), to).verdict).toBe("unknown");
  });

  it("before a time do not count", () => {
    const since = to - 2 * 60_000;

    expect(evaluateAlarm(series(50, 50, 50), watched(3, 3), to, since).newest).toHaveLength(2);
    expect(evaluateAlarm(series(99, 50, 50), watched(3, 1), to, since).verdict).toBe("unknown");
  });
});
