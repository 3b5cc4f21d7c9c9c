import { describe, expect, it } from "vitest";
import { awsError, json } from "../support/aws-stub-answers.ts";
import { rejection, useAwsStub } from "../support/use-aws-stub.ts";

const window = { from: 1_761_991_200_000, to: 1_761_994_800_000 };
const bed = useAwsStub();

const metricAlarm = {
  AlarmName: "high-cpu",
  AlarmArn: "arn:alarm",
  StateValue: "ALARM",
  StateReason: "Threshold Crossed",
  StateUpdatedTimestamp: 1761991260,
  StateTransitionedTimestamp: 1761991200,
  EvaluationPeriods: 3,
  DatapointsToAlarm: 2,
  Threshold: 80,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "breaching",
};

describe("alarm", () => {
  it("is read with its metric, percentiles included", async () => {
    const Dimensions = [{ Name: "ServiceName", Value: "checkout" }];
    const metric = { Namespace: "AWS/ECS", MetricName: "CPUUtilization", Dimensions, Period: 60 };
    bed.stub.on(
      "DescribeAlarms",
      json({ MetricAlarms: [{ ...metricAlarm, ...metric, ExtendedStatistic: "p99" }] }),
    );

    const alarm = await bed.aws.alarms.alarm("high-cpu");

    expect(alarm).toEqual({
      name: "high-cpu",
      arn: "arn:alarm",
      state: "ALARM",
      reason: "Threshold Crossed",
      stateSince: "2025-11-01T10:00:00.000Z",
      namespace: "AWS/ECS",
      metric: "CPUUtilization",
      dimensions: { ServiceName: "checkout" },
      statistic: "p99",
      periodSeconds: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      threshold: 80,
      comparison: "GreaterThanThreshold",
      treatMissingData: "breaching",
    });
    expect(bed.stub.calls("DescribeAlarms")).toEqual([
      { AlarmNames: ["high-cpu"], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] },
    ]);
  });

  it("on one series written as metric math has that series", async () => {
    const MetricStat = { Metric: { Namespace: "My/App", MetricName: "Errors" }, Period: 30, Stat: "Sum" };
    bed.stub.on(
      "DescribeAlarms",
      json({ MetricAlarms: [{ ...metricAlarm, Metrics: [{ Id: "m", MetricStat }] }] }),
    );

    const alarm = await bed.aws.alarms.alarm("high-cpu");

    expect(alarm).toMatchObject({
      namespace: "My/App",
      metric: "Errors",
      statistic: "Sum",
      periodSeconds: 30,
    });
  });

  it("on an expression has no metric", async () => {
    const Metrics = [
      { Id: "e", Expression: "a/b" },
      { Id: "a", ReturnData: false },
    ];
    bed.stub.on("DescribeAlarms", json({ MetricAlarms: [{ ...metricAlarm, Metrics }] }));

    const alarm = await bed.aws.alarms.alarm("high-cpu");

    expect(alarm).toMatchObject({ state: "ALARM", threshold: 80 });
    expect(alarm).not.toHaveProperty("metric");
  });

  it("on metric math keeps its queries as they are, and what AWS does when it fires", async () => {
    const Metric = {
      Namespace: "AWS/ECS",
      MetricName: "CPUUtilization",
      Dimensions: [{ Name: "ServiceName", Value: "shop" }],
    };
    const Metrics = [
      { Id: "e", Expression: "a/b", Label: "share", ReturnData: true, Period: 60 },
      { Id: "a", ReturnData: false, MetricStat: { Metric, Period: 60, Stat: "Average", Unit: "Percent" } },
      { Id: "band", Expression: "ANOMALY_DETECTION_BAND(a, 2)" },
    ];
    const AlarmActions = ["arn:aws:sns:us-east-1:1:alarms"];
    bed.stub.on(
      "DescribeAlarms",
      json({ MetricAlarms: [{ ...metricAlarm, Metrics, AlarmActions, ThresholdMetricId: "band" }] }),
    );

    const alarm = await bed.aws.alarms.alarm("high-cpu");

    expect(alarm).toMatchObject({ actions: AlarmActions, bandQuery: "band" });
    expect(alarm?.queries).toEqual([
      { id: "e", expression: "a/b", label: "share", returnData: true, periodSeconds: 60 },
      {
        id: "a",
        returnData: false,
        metric: {
          namespace: "AWS/ECS",
          name: "CPUUtilization",
          dimensions: { ServiceName: "shop" },
          statistic: "Average",
          periodSeconds: 60,
          unit: "Percent",
        },
      },
      { id: "band", expression: "ANOMALY_DETECTION_BAND(a, 2)" },
    ]);
  });

  it("may be composite: a state and a rule without a metric", async () => {
    const CompositeAlarms = [
      { AlarmName: "all", AlarmArn: "arn:all", StateValue: "OK", AlarmRule: "ALARM(high-cpu)" },
    ];
    bed.stub.on("DescribeAlarms", json({ MetricAlarms: [], CompositeAlarms }));

    const alarm = await bed.aws.alarms.alarm("all");

    expect(alarm).toEqual({ name: "all", arn: "arn:all", state: "OK", rule: "ALARM(high-cpu)" });
  });

  it("is undefined when there is none", async () => {
    bed.stub.on("DescribeAlarms", json({ MetricAlarms: [], CompositeAlarms: [] }));

    const alarm = await bed.aws.alarms.alarm("gone");

    expect(alarm).toBeUndefined();
  });
});

describe("contributors", () => {
  it("are the series in ALARM, over pages", async () => {
    const one = {
      ContributorId: "a1",
      ContributorAttributes: { ServiceName: "web" },
      StateReason: "97 > 80",
    };
    bed.stub.on(
      "DescribeAlarmContributors",
      json({ AlarmContributors: [{ ...one, StateTransitionedTimestamp: 1761991200 }], NextToken: "more" }),
      json({ AlarmContributors: [{ ContributorId: "b2", StateReason: "" }, { StateReason: "no id" }] }),
    );

    expect(await bed.aws.alarms.contributors("any-cpu")).toEqual([
      {
        id: "a1",
        attributes: { ServiceName: "web" },
        reason: "97 > 80",
        stateSince: "2025-11-01T10:00:00.000Z",
      },
      { id: "b2", attributes: {} },
    ]);
    expect(bed.stub.calls("DescribeAlarmContributors")).toEqual([
      { AlarmName: "any-cpu" },
      { AlarmName: "any-cpu", NextToken: "more" },
    ]);
  });

  it.each(["ValidationException", "ResourceNotFoundException"])(
    "are none where AWS says %s",
    async (code) => {
      bed.stub.on("DescribeAlarmContributors", awsError(code));

      expect(await bed.aws.alarms.contributors("cpu")).toBeUndefined();
    },
  );

  it("are unknown, and said to be, where AWS refuses", async () => {
    bed.stub.on("DescribeAlarmContributors", awsError("AccessDeniedException"));

    expect(await rejection(bed.aws.alarms.contributors("cpu"))).toMatchObject({ code: "aws-denied" });
  });
});

describe("transitions", () => {
  it("of one contributor are its own, and tell the old state by the new one", async () => {
    const newState = (stateValue: string) => JSON.stringify({ version: "1.0", newState: { stateValue } });
    bed.stub.on(
      "DescribeAlarmHistory",
      json({
        AlarmHistoryItems: [
          { ...item(1761991500, newState("OK")), AlarmContributorId: "a1" },
          { ...item(1761991200, newState("ALARM")), AlarmContributorId: "a1" },
        ],
      }),
    );

    const transitions = await bed.aws.alarms.transitions("any-cpu", window, { contributor: "a1" });

    expect(transitions).toEqual([
      { at: "2025-11-01T10:00:00.000Z", from: "OK", to: "ALARM" },
      { at: "2025-11-01T10:05:00.000Z", from: "ALARM", to: "OK" },
    ]);
    expect(bed.stub.calls("DescribeAlarmHistory")[0]).toMatchObject({
      HistoryItemType: "AlarmContributorStateUpdate",
      AlarmContributorId: "a1",
    });
  });

  it("come in time order, over pages, whatever junk lies between", async () => {
    bed.stub.on(
      "DescribeAlarmHistory",
      json({
        AlarmHistoryItems: [
          item(1761991500, stateData("ALARM", "OK")),
          item(1761991400, "{ not json"),
          item(1761991350, JSON.stringify({ oldState: {}, newState: null })),
          item(1761991340, undefined),
        ],
        NextToken: "older",
      }),
      json({
        AlarmHistoryItems: [
          item(1761991300, "null", "Alarm updated from OK to ALARM"),
          item(1761991200, stateData("INSUFFICIENT_DATA", "OK")),
        ],
      }),
    );

    const transitions = await bed.aws.alarms.transitions("high-cpu", window);

    expect(transitions).toEqual([
      { at: "2025-11-01T10:00:00.000Z", from: "INSUFFICIENT_DATA", to: "OK" },
      { at: "2025-11-01T10:01:40.000Z", from: "OK", to: "ALARM" },
      { at: "2025-11-01T10:05:00.000Z", from: "ALARM", to: "OK" },
    ]);
    expect(bed.stub.calls("DescribeAlarmHistory")[0]).toEqual({
      AlarmName: "high-cpu",
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      HistoryItemType: "StateUpdate",
      StartDate: window.from / 1000,
      EndDate: window.to / 1000,
      ScanBy: "TimestampDescending",
      MaxRecords: 100,
    });
  });

  it("end although a token comes back for ever", async () => {
    bed.stub.on("DescribeAlarmHistory", json({ AlarmHistoryItems: [], NextToken: "again" }));

    const transitions = await bed.aws.alarms.transitions("high-cpu", window);

    expect(transitions).toEqual([]);
    expect(bed.stub.calls("DescribeAlarmHistory")).toHaveLength(20);
  });
});

function item(Timestamp: number, HistoryData: string | undefined, HistorySummary?: string) {
  return { AlarmName: "high-cpu", HistoryItemType: "StateUpdate", Timestamp, HistoryData, HistorySummary };
}

function stateData(from: string, to: string): string {
  return JSON.stringify({ version: "1.0", oldState: { stateValue: from }, newState: { stateValue: to } });
}
