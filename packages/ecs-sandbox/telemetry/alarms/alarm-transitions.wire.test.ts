import { PutMetricAlarmCommand } from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AlarmFixture, CPU, startAlarms } from "./alarm-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7, 1, 0);
let fixture: AlarmFixture;

beforeEach(async () => {
  fixture = await startAlarms(ORIGIN);
});
afterEach(() => fixture.close());

describe("an alarm on a metric", () => {
  test("begins without data, alarms, notifies once and clears", async () => {
    await fixture.putAlarm();
    expect(await fixture.readAlarm()).toMatchObject({
      StateValue: "INSUFFICIENT_DATA",
      StateReason: "Unchecked: Initial alarm creation",
    });

    fixture.passPeriod(30);
    await fixture.waitForState("OK");
    fixture.passPeriod(68);
    fixture.passPeriod(72.1);
    const alarm = await fixture.waitForState("ALARM");

    expect(alarm.StateReason).toBe(
      "Threshold Crossed: 2 out of the last 2 datapoints [72.1 (23/11/26 07:01:10), 68.0 (23/11/26 07:01:05)]" +
        " were greater than the threshold (60.0) (minimum 2 datapoints for OK -> ALARM transition).",
    );
    expect(JSON.parse(alarm.StateReasonData ?? "")).toMatchObject({
      version: "1.0",
      startDate: "2026-11-23T07:01:05.000+0000",
      statistic: "Maximum",
      period: 5,
      recentDatapoints: [68, 72.1],
      threshold: 60,
      evaluatedDatapoints: [
        { timestamp: "2026-11-23T07:01:10.000+0000", sampleCount: 5, value: 72.1 },
        { timestamp: "2026-11-23T07:01:05.000+0000", sampleCount: 5, value: 68 },
      ],
    });
    fixture.passPeriod(75);
    await fixture.waitForMessages(2);
    fixture.passPeriod(10);
    await fixture.waitForState("OK");
    const states = (await fixture.waitForMessages(3)).map(({ NewStateValue }) => NewStateValue);
    expect(states).toEqual(["OK", "ALARM", "OK"]);
  });

  test("is an event of the bus as well where a rule sends them, without any action of its own", async () => {
    const conditions = { metrics: { delaySeconds: 0, vanish: [] }, logs: { delaySeconds: 0 } };
    const notifications = { copies: 1, copyAfterSeconds: 1, delaySeconds: 0, reorderSeconds: 0 };
    fixture.telemetry.setConditions({ ...conditions, notifications, alarmEvents: true });
    await fixture.putAlarm({ AlarmActions: [], OKActions: [] });

    fixture.passPeriod(30);
    await fixture.waitForState("OK");
    fixture.passPeriod(90);
    fixture.passPeriod(90);
    await fixture.waitForState("ALARM");

    await vi.waitFor(() => expect(fixture.posts).toHaveLength(2));
    expect(JSON.parse(fixture.posts[1]?.body ?? "")).toMatchObject({
      source: "aws.cloudwatch",
      "detail-type": "CloudWatch Alarm State Change",
      resources: ["arn:aws:cloudwatch:us-east-1:000000000000:alarm:cpu-high"],
      detail: {
        alarmName: "cpu-high",
        previousState: { value: "OK" },
        state: { value: "ALARM", reason: expect.stringContaining("greater than the threshold (60.0)") },
        configuration: {
          metrics: [
            {
              metricStat: {
                metric: { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ServiceName: "web" } },
                period: 5,
                stat: "Maximum",
              },
            },
          ],
        },
      },
    });
  });

  test("publishes the message that CloudWatch publishes", async () => {
    await fixture.putAlarm({ AlarmDescription: "CPU is high", OKActions: [] });
    fixture.passPeriod(90);
    fixture.passPeriod(90);

    const [message] = await fixture.waitForMessages(1);

    expect(message).toEqual({
      AlarmName: "cpu-high",
      AlarmDescription: "CPU is high",
      AWSAccountId: "000000000000",
      AlarmConfigurationUpdatedTimestamp: "2026-11-23T07:01:00.000+0000",
      NewStateValue: "ALARM",
      NewStateReason: expect.stringContaining("Threshold Crossed: 2 out of the last 2 datapoints"),
      StateChangeTime: expect.stringMatching(/^2026-11-23T07:01:\d\d\.\d{3}\+0000$/),
      Region: "US East (N. Virginia)",
      AlarmArn: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:cpu-high",
      OldStateValue: "INSUFFICIENT_DATA",
      OKActions: [],
      AlarmActions: [fixture.topicArn],
      InsufficientDataActions: [],
      Trigger: {
        MetricName: "CPUUtilization",
        Namespace: "AWS/ECS",
        StatisticType: "Statistic",
        Statistic: "MAXIMUM",
        Unit: null,
        Dimensions: [{ value: "web", name: "ServiceName" }],
        Period: 5,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 60,
        TreatMissingData: "missing",
        EvaluateLowSampleCountPercentile: "",
      },
    });
    const { Subject } = JSON.parse(fixture.posts[0]?.body ?? "").Records[0].Sns;
    expect(Subject).toBe('ALARM: "cpu-high" in US East (N. Virginia)');
  });

  test("goes to INSUFFICIENT_DATA when the metric stops", async () => {
    await fixture.putAlarm();
    fixture.passPeriod(10);
    await fixture.waitForState("OK");

    fixture.clock.advance(60_000);

    const alarm = await fixture.waitForState("INSUFFICIENT_DATA");
    expect(alarm.StateReason).toBe("Insufficient Data: 2 datapoints were unknown.");
  });

  test("looks at complete periods only", async () => {
    fixture.passPeriod(10);
    fixture.putCpu(99, fixture.clock.now());

    await fixture.putAlarm({ EvaluationPeriods: 1, DatapointsToAlarm: 1 });

    await fixture.waitForState("OK");
    const [message] = await fixture.waitForMessages(1);
    expect(message).toMatchObject({ OldStateValue: "INSUFFICIENT_DATA", NewStateValue: "OK" });
  });
});

test("a percentile alarm that asks for it keeps its state while there are few measurements", async () => {
  const low = { Statistic: undefined, ExtendedStatistic: "p90", EvaluationPeriods: 2, DatapointsToAlarm: 2 };
  await fixture.putAlarm({ AlarmName: "patient", ...low, EvaluateLowSampleCountPercentile: "ignore" });
  await fixture.putAlarm({ AlarmName: "hasty", ...low });

  fixture.passPeriod(90);
  fixture.passPeriod(90);
  await fixture.waitForState("ALARM", "hasty");
  const early = await fixture.readAlarm("patient");
  for (const _ of [1, 2]) {
    for (let sample = 0; sample < 60; sample += 1) fixture.putCpu(90, fixture.clock.now());
    fixture.passPeriod(90);
  }
  await fixture.waitForState("ALARM", "patient");

  expect(early.StateValue).toBe("INSUFFICIENT_DATA");
});

test("a percentile alarm and a metric-math alarm have their own triggers", async () => {
  await fixture.putAlarm({ AlarmName: "p90", Statistic: undefined, ExtendedStatistic: "p90" });
  await fixture.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "ratio",
      EvaluationPeriods: 1,
      Threshold: 0.5,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "notBreaching",
      AlarmActions: [fixture.topicArn],
      Metrics: [
        { Id: "e1", Expression: "m1 / 100", Label: "ratio" },
        { Id: "m1", MetricStat: { Metric: CPU, Period: 5, Stat: "Average" }, ReturnData: false },
      ],
    }),
  );
  fixture.passPeriod(90);
  fixture.passPeriod(90);
  await fixture.waitForState("ALARM", "p90");
  const ratio = await fixture.waitForState("ALARM", "ratio");

  const messages = await fixture.waitForMessages(2);
  const triggers = new Map(messages.map(({ AlarmName, Trigger }) => [AlarmName, Trigger]));
  expect(triggers.get("p90")).toMatchObject({ StatisticType: "ExtendedStatistic", ExtendedStatistic: "p90" });
  expect(triggers.get("ratio")).toEqual({
    Period: 5,
    EvaluationPeriods: 1,
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: 0.5,
    TreatMissingData: "notBreaching",
    EvaluateLowSampleCountPercentile: "",
    Metrics: [
      { Expression: "m1 / 100", Id: "e1", Label: "ratio", ReturnData: true },
      {
        Id: "m1",
        MetricStat: {
          Metric: {
            Dimensions: [{ value: "web", name: "ServiceName" }],
            MetricName: "CPUUtilization",
            Namespace: "AWS/ECS",
          },
          Period: 5,
          Stat: "Average",
        },
        ReturnData: false,
      },
    ],
  });
  expect(ratio.StateReason).toMatch(
    /^Threshold Crossed: 1 datapoint \[0\.9 \(.*\)\] was greater than the threshold \(0\.5\)\.$/,
  );
});
