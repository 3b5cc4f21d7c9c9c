import { expect, it } from "vitest";
import type { AlarmQueryReading } from "../../src/domain/reading.ts";
import { json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const window = { from: 1_000_000, to: 2_000_000 };
const bed = useAwsStub();
const metric = { namespace: "", name: "share", dimensions: {}, statistic: "metric math", periodSeconds: 60 };
const queries: readonly AlarmQueryReading[] = [
  {
    id: "q0",
    returnData: true,
    metric: {
      namespace: "AWS/ECS",
      name: "CPUUtilization",
      dimensions: { ServiceName: "shop" },
      statistic: "Average",
      periodSeconds: 60,
    },
  },
  { id: "e1", expression: "q0 / 2", label: "share", returnData: false, periodSeconds: 60 },
];

it("asks by the alarm's own queries, in a call of their own, for the one that is wanted", async () => {
  const Timestamps = [1200, 1100];
  bed.stub.on("GetMetricData", json({ MetricDataResults: [{ Id: "e1", Timestamps, Values: [2, 1] }] }));

  const series = await bed.aws.metrics.series(
    [{ id: "alarm", metric, math: { queries, result: "e1" } }],
    window,
  );

  expect(series.get("alarm")).toEqual([
    { t: 1_100_000, v: 1 },
    { t: 1_200_000, v: 2 },
  ]);
  expect(bed.stub.calls("GetMetricData")[0]?.["MetricDataQueries"]).toEqual([
    {
      Id: "q0",
      ReturnData: false,
      MetricStat: {
        Metric: {
          Namespace: "AWS/ECS",
          MetricName: "CPUUtilization",
          Dimensions: [{ Name: "ServiceName", Value: "shop" }],
        },
        Period: 60,
        Stat: "Average",
      },
    },
    { Id: "e1", Expression: "q0 / 2", Label: "share", Period: 60, ReturnData: true },
  ]);
});

it("leaves the ids of plain series alone, which may be the same", async () => {
  bed.stub.on("GetMetricData", (input) => {
    const [first] = input["MetricDataQueries"] as readonly {
      Id: string;
      MetricStat?: { Metric: { MetricName: string } };
    }[];
    const v = first?.MetricStat?.Metric.MetricName === "MemoryUtilization" ? 7 : 1;
    return json({ MetricDataResults: [{ Id: v === 7 ? "q0" : "e1", Timestamps: [1100], Values: [v] }] });
  });
  const plain = { ...metric, namespace: "AWS/ECS", name: "MemoryUtilization", statistic: "Maximum" };

  const series = await bed.aws.metrics.series(
    [
      { id: "memory", metric: plain },
      { id: "alarm", metric, math: { queries, result: "e1" } },
    ],
    window,
  );

  expect(series.get("memory")).toEqual([{ t: 1_100_000, v: 7 }]);
  expect(series.get("alarm")).toEqual([{ t: 1_100_000, v: 1 }]);
});

it("reads both edges of an anomaly band, which come under one id", async () => {
  bed.stub.on(
    "GetMetricData",
    json({
      MetricDataResults: [
        { Id: "ad1", Label: "high", Timestamps: [1100, 1200], Values: [30, 31] },
        { Id: "ad1", Label: "low", Timestamps: [1100], Values: [20] },
      ],
    }),
  );
  const band = [...queries, { id: "ad1", expression: "ANOMALY_DETECTION_BAND(q0, 2)" }];
  const edge = (side: "lower" | "upper") => ({
    id: side,
    metric,
    math: { queries: band, result: "ad1", edge: side },
  });

  const series = await bed.aws.metrics.series([edge("lower"), edge("upper")], window);

  expect(series.get("lower")).toEqual([{ t: 1_100_000, v: 20 }]);
  expect(series.get("upper")).toEqual([{ t: 1_100_000, v: 30 }]);
  expect(bed.stub.calls("GetMetricData")).toHaveLength(1);
});

it("fails where CloudWatch may not compute it, rather than say that there is no data", async () => {
  bed.stub.on("GetMetricData", json({ MetricDataResults: [{ Id: "e1", StatusCode: "Forbidden" }] }));

  const failure = await rejection(
    bed.aws.metrics.series([{ id: "alarm", metric, math: { queries, result: "e1" } }], window),
  );

  expect(failure).toMatchObject({ code: "aws-denied" });
});
