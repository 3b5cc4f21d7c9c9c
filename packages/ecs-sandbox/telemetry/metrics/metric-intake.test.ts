import { expect, test } from "vitest";
import { TelemetryConditions } from "../conditions.ts";
import type { MetricSample } from "../types.ts";
import { createMetricIntake } from "./metric-intake.ts";

const samples: MetricSample[] = [
  { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: "web" }, value: 1, at: 0 },
  { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: "api" }, value: 2, at: 0 },
  { namespace: "AWS/ECS", name: "MemoryUtilization", dimensions: { ServiceName: "web" }, value: 3, at: 0 },
  { namespace: "AWS/ApplicationELB", name: "RequestCount", dimensions: {}, value: 4, at: 0 },
];

function arriving(vanish: unknown[]): number[] {
  const arrived: MetricSample[] = [];
  const intake = createMetricIntake({ put: (put) => arrived.push(...put) }, () => 0);
  intake.setConditions(TelemetryConditions.parse({ metrics: { vanish } }).metrics);
  intake.put(samples);
  return arrived.map(({ value }) => value);
}

test.each([
  [[], [1, 2, 3, 4]],
  [[{ namespace: "AWS/ECS" }], [4]],
  [[{ namespace: "AWS/ECS", name: "CPUUtilization" }], [3, 4]],
  [[{ namespace: "AWS/ECS", dimensions: { ServiceName: "web" } }], [2, 4]],
  [[{ namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: "api" } }], [1, 3, 4]],
  [[{ namespace: "AWS/ECS", name: "CPUUtilization" }, { namespace: "AWS/ApplicationELB" }], [3]],
  [[{ namespace: "AWS/ECS", dimensions: { ClusterName: "web" } }], [1, 2, 3, 4]],
])("with %j vanishing, %j arrive", (vanish, expected) => {
  expect(arriving(vanish)).toEqual(expected);
});

test("what is held keeps its time when the delay changes", () => {
  let now = 0;
  const arrived: number[] = [];
  const intake = createMetricIntake(
    { put: (put) => arrived.push(...put.map(({ value }) => value)) },
    () => now,
  );
  const delay = (delaySeconds: number) =>
    intake.setConditions(TelemetryConditions.parse({ metrics: { delaySeconds } }).metrics);

  delay(60);
  intake.put(samples.slice(0, 1));
  delay(10);
  intake.put(samples.slice(1, 2));
  const times = [9_999, 10_000, 59_999, 60_000].map((at) => {
    now = at;
    intake.release();
    return [...arrived];
  });

  expect(times).toEqual([[], [2], [2], [2, 1]]);
});
