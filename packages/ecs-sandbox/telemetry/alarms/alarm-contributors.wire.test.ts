import { DescribeAlarmContributorsCommand } from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AlarmFixture, startAlarms } from "./alarm-fixture.ts";

let fixture: AlarmFixture;

beforeEach(async () => {
  fixture = await startAlarms(Date.UTC(2026, 10, 23, 7, 1, 0));
});
afterEach(() => fixture.close());

const query =
  'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName) GROUP BY ClusterName, ServiceName';

/** One value for each service in this period. */
function pass(values: Readonly<Record<string, number>>): void {
  const at = fixture.clock.now();
  fixture.telemetry.metrics.put(
    Object.entries(values).map(([ServiceName, value]) => ({
      namespace: "AWS/ECS",
      name: "CPUUtilization",
      dimensions: { ClusterName: "production", ServiceName },
      value,
      at,
    })),
  );
  fixture.passPeriod(1);
}

test("an alarm over several time series notifies for each that breaches, with its id and attributes", async () => {
  await fixture.putAlarm({
    Namespace: undefined,
    MetricName: undefined,
    Dimensions: undefined,
    Statistic: undefined,
    Period: undefined,
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Metrics: [{ Id: "q1", Expression: query, Period: 5, ReturnData: true }],
    OKActions: [],
  });

  pass({ web: 30, payments: 97, mail: 91 });

  await fixture.waitForState("ALARM");
  const messages = await fixture.waitForMessages(3);
  const contributors = messages.filter((message) => "AlarmContributorId" in message);
  expect(contributors.map((message) => message["AlarmContributorAttributes"])).toEqual([
    { ClusterName: "production", ServiceName: "payments" },
    { ClusterName: "production", ServiceName: "mail" },
  ]);
  expect(contributors[0]).toMatchObject({
    AlarmName: "cpu-high",
    AlarmContributorId: expect.stringMatching(/^[0-9a-f]{16}$/),
    OldStateValue: "OK",
    NewStateValue: "ALARM",
    NewStateReason: expect.stringContaining("97.0"),
    Trigger: { Period: 5, Metrics: [{ Id: "q1", Expression: query, ReturnData: true }] },
  });
  const { AlarmContributors } = await fixture.cloudwatch.send(
    new DescribeAlarmContributorsCommand({ AlarmName: "cpu-high" }),
  );
  expect(
    AlarmContributors?.map(({ ContributorAttributes }) => ContributorAttributes?.["ServiceName"]),
  ).toEqual(["payments", "mail"]);
});

test("it stays in ALARM while one of them breaches", async () => {
  const { Namespace, MetricName, Dimensions, Statistic, Period } = {} as Record<string, undefined>;
  await fixture.putAlarm({
    ...{ Namespace, MetricName, Dimensions, Statistic, Period },
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Metrics: [{ Id: "q1", Expression: query, Period: 5, ReturnData: true }],
  });
  pass({ web: 90, mail: 90 });
  await fixture.waitForState("ALARM");

  pass({ web: 30, mail: 90 });

  const messages = await fixture.waitForMessages(4);
  expect(messages.at(-1)).toMatchObject({
    NewStateValue: "OK",
    AlarmContributorAttributes: { ServiceName: "web" },
  });
  expect((await fixture.readAlarm()).StateValue).toBe("ALARM");
});
