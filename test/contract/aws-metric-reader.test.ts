import { expect, it } from "vitest";
import type { MetricQuery } from "../../src/evidence/ports.ts";
import { json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const window = { from: 1_000_000, to: 2_000_000 };
const bed = useAwsStub();

it("asks for all series at once, under ids of the form that AWS wants", async () => {
  bed.stub.on("GetMetricData", json({ MetricDataResults: [] }));
  const p99 = {
    ...query("5xx rate / p99"),
    metric: { ...query("").metric, statistic: "p99", periodSeconds: 10 },
  };

  const series = await bed.aws.metrics.series([query("CPU %"), p99], window);

  expect([...series]).toEqual([
    ["CPU %", []],
    ["5xx rate / p99", []],
  ]);
  expect(bed.stub.calls("GetMetricData")).toEqual([
    {
      MetricDataQueries: [
        { Id: "q0", MetricStat: { Metric: metricOnTheWire, Period: 60, Stat: "Average" } },
        { Id: "q1", MetricStat: { Metric: metricOnTheWire, Period: 10, Stat: "p99" } },
      ],
      StartTime: 1_000,
      EndTime: 2_000,
      ScanBy: "TimestampAscending",
    },
  ]);
});

it("sorts points, drops those without a number or outside the window, and keeps one per time", async () => {
  const Timestamps = [1300, 1100, 1200, 1100, 1400, 940, 2000, 1500];
  const Values = [3, 1, "NaN", 9, "Infinity", 7, 8];
  bed.stub.on("GetMetricData", json({ MetricDataResults: [{ Id: "q0", Timestamps, Values }] }));

  const series = await bed.aws.metrics.series([query("cpu")], window);

  expect(series.get("cpu")).toEqual([
    { t: 1_100_000, v: 9 },
    { t: 1_300_000, v: 3 },
  ]);
});

it("follows pages and joins the parts of a series", async () => {
  bed.stub.on(
    "GetMetricData",
    json({
      MetricDataResults: [
        { Id: "q0", Timestamps: [1100], Values: [1], StatusCode: "PartialData" },
        { Id: "q1", StatusCode: "InternalError" },
      ],
      NextToken: "more",
    }),
    json({ MetricDataResults: [], NextToken: "still more" }),
    json({
      MetricDataResults: [
        { Id: "q0", Timestamps: [1100, 1200], Values: [1, 2], StatusCode: "Complete" },
        { Id: "q1", Timestamps: [1300], Values: [5], StatusCode: "Complete" },
      ],
    }),
  );

  const series = await bed.aws.metrics.series([query("a"), query("b")], window);

  expect(series.get("a")).toEqual([
    { t: 1_100_000, v: 1 },
    { t: 1_200_000, v: 2 },
  ]);
  expect(series.get("b")).toEqual([{ t: 1_300_000, v: 5 }]);
  expect(bed.stub.calls("GetMetricData").map(({ NextToken }) => NextToken)).toEqual([
    undefined,
    "more",
    "still more",
  ]);
});

it("splits more than 500 series over calls, and makes none for no series", async () => {
  bed.stub.on("GetMetricData", ({ MetricDataQueries }) => {
    const count = (MetricDataQueries as unknown[]).length;
    return json({ MetricDataResults: [{ Id: `q${count - 1}`, Timestamps: [1100], Values: [count] }] });
  });
  const queries = Array.from({ length: 501 }, (_, index) => query(`m${index}`));

  const none = await bed.aws.metrics.series([], window);
  const series = await bed.aws.metrics.series(queries, window);

  expect(none.size).toBe(0);
  expect(bed.stub.calls("GetMetricData")).toHaveLength(2);
  expect(series.size).toBe(501);
  expect(series.get("m499")).toEqual([{ t: 1_100_000, v: 500 }]);
  expect(series.get("m500")).toEqual([{ t: 1_100_000, v: 1 }]);
});

it.each([
  ["InternalError", "aws-failed"],
  ["Forbidden", "aws-denied"],
])("does not take a series that ended with %s for one without data", async (StatusCode, code) => {
  bed.stub.on(
    "GetMetricData",
    json({ MetricDataResults: [{ Id: "q0", Timestamps: [], Values: [], StatusCode }] }),
  );

  const error = await rejection(bed.aws.metrics.series([query("cpu")], window));

  expect(error).toMatchObject({ code, message: expect.stringContaining("AWS/ECS CPUUtilization") });
});

it("ends although a token comes back for ever", async () => {
  bed.stub.on("GetMetricData", json({ MetricDataResults: [], NextToken: "again" }));

  const series = await bed.aws.metrics.series([query("cpu")], window);

  expect(series.get("cpu")).toEqual([]);
  expect(bed.stub.calls("GetMetricData")).toHaveLength(50);
});

const metricOnTheWire = {
  Namespace: "AWS/ECS",
  MetricName: "CPUUtilization",
  Dimensions: [
    { Name: "ClusterName", Value: "shop" },
    { Name: "ServiceName", Value: "checkout" },
  ],
};

function query(id: string): MetricQuery {
  return {
    id,
    metric: {
      namespace: "AWS/ECS",
      name: "CPUUtilization",
      dimensions: { ClusterName: "shop", ServiceName: "checkout" },
      statistic: "Average",
      periodSeconds: 60,
    },
  };
}
