import { expect, test } from "vitest";
import { AlarmConfiguration } from "./alarm.ts";
import { hasTooFewSamples } from "./low-samples.ts";

function ask(ExtendedStatistic: string, samples: number, EvaluateLowSampleCountPercentile?: string): boolean {
  const configuration = AlarmConfiguration.parse({
    AlarmName: "latency",
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
    ExtendedStatistic,
    EvaluateLowSampleCountPercentile,
  });
  return hasTooFewSamples(configuration, [
    { at: 0, value: 1, sampleCount: samples - 1 },
    { at: 5_000, value: 1, sampleCount: 1 },
  ]);
}

test.each([
  ["p99", 1_000],
  ["p90", 100],
  ["p99.9", 10_000],
  ["p50", 20],
  ["p25", 40],
  ["p10", 100],
])("%s wants %i measurements in the evaluation period", (statistic, wanted) => {
  expect(ask(statistic, wanted - 1, "ignore")).toBe(true);
  expect(ask(statistic, wanted, "ignore")).toBe(false);
  expect(ask(statistic, 1, "evaluate")).toBe(false);
  expect(ask(statistic, 1)).toBe(false);
});

test("the extremes have no bound", () => {
  expect(ask("p100", 1, "ignore")).toBe(false);
  expect(ask("p0", 1, "ignore")).toBe(false);
});
