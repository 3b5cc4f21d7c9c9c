import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTelemetry, type TelemetryFixture } from "../telemetry-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7);
let fixture: TelemetryFixture;

beforeAll(async () => {
  fixture = await startTelemetry(ORIGIN + 60_000);
  for (let second = 0; second < 60; second += 1) {
    fixture.telemetry.metrics.put([
      {
        namespace: "AWS/ECS",
        name: "CPUUtilization",
        dimensions: { ClusterName: "demo", ServiceName: "web" },
        value: second,
        unit: "Percent",
        at: ORIGIN + second * 1000,
      },
    ]);
  }
});
afterAll(() => fixture.close());

function request(overrides: Partial<GetMetricDataCommandInput> = {}, period = 20, stat = "Average") {
  return new GetMetricDataCommand({
    MetricDataQueries: [{ Id: "cpu", MetricStat: { Metric: cpu, Period: period, Stat: stat } }],
    StartTime: new Date(ORIGIN),
    EndTime: new Date(ORIGIN + 60_000),
    ...overrides,
  });
}

const cpu = {
  Namespace: "AWS/ECS",
  MetricName: "CPUUtilization",
  Dimensions: [
    { Name: "ServiceName", Value: "web" },
    { Name: "ClusterName", Value: "demo" },
  ],
};

describe("GetMetricData", () => {
  test("gives period averages labelled by their start, newest first by default", async () => {
    const { MetricDataResults } = await fixture.cloudwatch.send(request());

    expect(MetricDataResults).toEqual([
      {
        Id: "cpu",
        Label: "CPUUtilization",
        StatusCode: "Complete",
        Timestamps: [40, 20, 0].map((second) => new Date(ORIGIN + second * 1000)),
        Values: [49.5, 29.5, 9.5],
      },
    ]);
  });

  test.each([
    ["Sum", 190],
    ["Minimum", 0],
    ["Maximum", 19],
    ["SampleCount", 20],
    ["p90", 17],
  ])("computes %s", async (stat, first) => {
    const { MetricDataResults } = await fixture.cloudwatch.send(
      request({ ScanBy: "TimestampAscending" }, 20, stat),
    );

    expect(MetricDataResults?.[0]?.Values?.[0]).toBe(first);
  });

  test("gives an unknown metric an empty result", async () => {
    const Metric = { Namespace: "Nowhere", MetricName: "Nothing" };
    const { MetricDataResults } = await fixture.cloudwatch.send(
      request({ MetricDataQueries: [{ Id: "none", MetricStat: { Metric, Period: 60, Stat: "Sum" } }] }),
    );

    expect(MetricDataResults).toEqual([
      { Id: "none", Label: "Nothing", StatusCode: "Complete", Timestamps: [], Values: [] },
    ]);
  });

  test("refuses a period that CloudWatch does not know", async () => {
    await expect(fixture.cloudwatch.send(request({}, 7))).rejects.toMatchObject({
      name: "InvalidParameterValueException",
    });
  });

  test("pages by datapoints and marks partial results", async () => {
    const first = await fixture.cloudwatch.send(request({ MaxDatapoints: 2 }));
    const second = await fixture.cloudwatch.send(
      request({ MaxDatapoints: 2, ...(first.NextToken && { NextToken: first.NextToken }) }),
    );

    expect(first.MetricDataResults?.[0]).toMatchObject({ StatusCode: "PartialData", Values: [49.5, 29.5] });
    expect(second.MetricDataResults?.[0]).toMatchObject({ StatusCode: "Complete", Values: [9.5] });
    expect(second.NextToken).toBeUndefined();
  });

  test("computes expressions and hides what is not to be returned", async () => {
    const { MetricDataResults } = await fixture.cloudwatch.send(
      request({
        MetricDataQueries: [
          { Id: "m1", MetricStat: { Metric: cpu, Period: 60, Stat: "Average" }, ReturnData: false },
          { Id: "e1", Expression: "m1 / 100" },
        ],
      }),
    );

    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([["e1", [0.295]]]);
  });
});

test("PutMetricData takes values with counts and statistic sets, also when the SDK compresses the body", async () => {
  const noise = Array.from({ length: 300 }, (_, index) => ({ MetricName: `Noise${index}`, Value: index }));

  await fixture.cloudwatch.send(
    new PutMetricDataCommand({
      Namespace: "Custom",
      MetricData: [
        { MetricName: "Latency", Timestamp: new Date(ORIGIN), Values: [1, 10], Counts: [99, 1] },
        {
          MetricName: "Latency",
          Timestamp: new Date(ORIGIN),
          StatisticValues: { SampleCount: 2, Sum: 40, Minimum: 15, Maximum: 25 },
        },
        ...noise,
      ],
    }),
  );

  const { Datapoints } = await fixture.cloudwatch.send(
    new GetMetricStatisticsCommand({
      Namespace: "Custom",
      MetricName: "Latency",
      StartTime: new Date(ORIGIN),
      EndTime: new Date(ORIGIN + 60_000),
      Period: 60,
      Statistics: ["SampleCount", "Sum", "Minimum", "Maximum"],
      ExtendedStatistics: ["p99"],
    }),
  );
  expect(Datapoints).toEqual([
    {
      Timestamp: new Date(ORIGIN),
      Unit: "None",
      SampleCount: 102,
      Sum: 149,
      Minimum: 1,
      Maximum: 25,
      ExtendedStatistics: { p99: 1 },
    },
  ]);
});

test("ListMetrics filters by namespace and dimensions", async () => {
  const { Metrics } = await fixture.cloudwatch.send(
    new ListMetricsCommand({ Namespace: "AWS/ECS", Dimensions: [{ Name: "ServiceName" }] }),
  );

  expect(Metrics?.map(({ MetricName }) => MetricName)).toEqual(["CPUUtilization"]);
});

test.each([
  ["AWS/ECS", false],
  ["ECS/ContainerInsights", true],
  ["Shop", true],
])("PutMetricData into the namespace %s is taken: %s", async (Namespace, isTaken) => {
  const put = fixture.cloudwatch.send(
    new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: "Written", Value: 1 }] }),
  );

  if (isTaken) await put;
  else await expect(put).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  const { Metrics } = await fixture.cloudwatch.send(
    new ListMetricsCommand({ Namespace, MetricName: "Written" }),
  );
  expect(Metrics).toHaveLength(isTaken ? 1 : 0);
});
