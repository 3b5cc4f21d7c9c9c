import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DescribeAlarmsForMetricCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AlarmFixture, CPU, startAlarms } from "./alarm-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7, 1, 0);
const WITHOUT_METRIC = {
  MetricName: undefined,
  Namespace: undefined,
  Dimensions: undefined,
  Statistic: undefined,
  Period: undefined,
};

let fixture: AlarmFixture;

beforeEach(async () => {
  fixture = await startAlarms(ORIGIN);
});
afterEach(() => fixture.close());

test("SetAlarmState runs the actions on a transition, and only enabled ones", async () => {
  await fixture.putAlarm();
  const set = (StateValue: StateValue) =>
    fixture.cloudwatch.send(
      new SetAlarmStateCommand({ AlarmName: "cpu-high", StateValue, StateReason: "drill" }),
    );

  await set("ALARM");
  await set("ALARM");
  await fixture.waitForMessages(1);
  await fixture.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ["cpu-high"] }));
  await set("OK");
  await fixture.cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: ["cpu-high"] }));
  await set("ALARM");

  const messages = await fixture.waitForMessages(2);
  expect(messages.map(({ NewStateReason, OldStateValue }) => [NewStateReason, OldStateValue])).toEqual([
    ["drill", "INSUFFICIENT_DATA"],
    ["drill", "OK"],
  ]);
});

test("the history tells configuration, transitions and actions, newest first", async () => {
  await fixture.putAlarm();
  await fixture.cloudwatch.send(
    new SetAlarmStateCommand({ AlarmName: "cpu-high", StateValue: "ALARM", StateReason: "drill" }),
  );

  const { AlarmHistoryItems } = await fixture.cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: "cpu-high" }),
  );

  expect(AlarmHistoryItems?.map(({ HistoryItemType }) => HistoryItemType)).toEqual([
    "Action",
    "StateUpdate",
    "ConfigurationUpdate",
  ]);
  const update = AlarmHistoryItems?.[1];
  expect(update?.HistorySummary).toBe("Alarm updated from INSUFFICIENT_DATA to ALARM");
  expect(JSON.parse(update?.HistoryData ?? "")).toEqual({
    version: "1.0",
    oldState: { stateValue: "INSUFFICIENT_DATA", stateReason: "Unchecked: Initial alarm creation" },
    newState: { stateValue: "ALARM", stateReason: "drill" },
  });
});

test("alarms are found by prefix, page and metric, and deleted", async () => {
  for (const AlarmName of ["web-a", "web-b", "other"]) await fixture.putAlarm({ AlarmName });

  const first = await fixture.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: "web-", MaxRecords: 1 }),
  );
  const second = await fixture.cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: "web-", MaxRecords: 1, NextToken: first.NextToken }),
  );
  const onMetric = await fixture.cloudwatch.send(new DescribeAlarmsForMetricCommand(CPU));
  await fixture.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["web-a"] }));

  expect(first.MetricAlarms?.[0]?.AlarmName).toBe("web-a");
  expect(second.MetricAlarms?.[0]?.AlarmName).toBe("web-b");
  expect(second.NextToken).toBeUndefined();
  expect(onMetric.MetricAlarms).toHaveLength(3);
  await expect(fixture.readAlarm("web-a")).rejects.toThrow();
  await expect(
    fixture.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["web-a"] })),
  ).rejects.toMatchObject({ name: "ResourceNotFound" });
});

test.each([
  { Period: 7 },
  { DatapointsToAlarm: 3 },
  { ExtendedStatistic: "p95" },
  { Metrics: [{ Id: "e1", Expression: "1 + 1" }] },
  { ...WITHOUT_METRIC, Metrics: [{ Id: "e1", Expression: "1 + 1" }] },
  { ...WITHOUT_METRIC, Metrics: [{ Id: "e1", Expression: "m1" }] },
] satisfies Partial<PutMetricAlarmCommandInput>[])("PutMetricAlarm refuses %j", async (overrides) => {
  await expect(fixture.putAlarm(overrides)).rejects.toMatchObject({ name: "ValidationException" });
});
