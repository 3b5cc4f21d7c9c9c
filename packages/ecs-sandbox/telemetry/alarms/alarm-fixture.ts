/** A running telemetry with a topic, a function that listens to it and alarms on CPU, for the tests here. */
import {
  DescribeAlarmsCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  type StateValue,
} from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, vi } from "vitest";
import { startReceiver, startTelemetry, type TelemetryFixture } from "../telemetry-fixture.ts";

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:opsagent";
const PERIOD_MILLISECONDS = 5_000;

/** The metric that the alarms watch. */
export const CPU = {
  Namespace: "AWS/ECS",
  MetricName: "CPUUtilization",
  Dimensions: [{ Name: "ServiceName", Value: "web" }],
};

/** What alarm tests do and see. */
export interface AlarmFixture extends TelemetryFixture {
  readonly topicArn: string;
  readonly posts: { readonly body: string }[];
  /** Creates the alarm `cpu-high`: 2 of 2 periods of 5 s with a maximum above 60. */
  putAlarm(overrides?: Partial<PutMetricAlarmCommandInput>): Promise<void>;
  /** Writes one value at this instant. */
  putCpu(value: number, at: number): void;
  /** Writes one value per second for the current period and moves past its ingestion delay. */
  passPeriod(value: number): void;
  readAlarm(name?: string): Promise<MetricAlarm>;
  waitForState(state: StateValue, name?: string): Promise<MetricAlarm>;
  /** Waits for this many notifications and returns the alarm messages in them. */
  waitForMessages(count: number): Promise<Record<string, unknown>[]>;
}

/** Starts everything; alarms are evaluated on the manual clock. */
export async function startAlarms(startAt: number): Promise<AlarmFixture> {
  const fixture = await startTelemetry(startAt);
  const receiver = await startReceiver();
  const { TopicArn: topicArn = "" } = await fixture.sns.send(new CreateTopicCommand({ Name: "alarms" }));
  await fixture.sns.send(
    new SubscribeCommand({ TopicArn: topicArn, Protocol: "lambda", Endpoint: FUNCTION_ARN }),
  );
  fixture.telemetry.registerFunction(FUNCTION_ARN, receiver.url);
  fixture.telemetry.start();

  function putCpu(value: number, at: number): void {
    fixture.telemetry.metrics.put([
      {
        namespace: CPU.Namespace,
        name: CPU.MetricName,
        dimensions: { ServiceName: "web" },
        value,
        unit: "Percent",
        at,
      },
    ]);
  }

  async function readAlarm(name = "cpu-high"): Promise<MetricAlarm> {
    const { MetricAlarms } = await fixture.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    const [alarm] = MetricAlarms ?? [];
    if (alarm === undefined) throw new Error("no such alarm");
    return alarm;
  }

  return {
    ...fixture,
    topicArn,
    posts: receiver.posts,
    async putAlarm(overrides = {}) {
      await fixture.cloudwatch.send(
        new PutMetricAlarmCommand({
          AlarmName: "cpu-high",
          ...CPU,
          Statistic: "Maximum",
          Period: PERIOD_MILLISECONDS / 1000,
          EvaluationPeriods: 2,
          DatapointsToAlarm: 2,
          Threshold: 60,
          ComparisonOperator: "GreaterThanThreshold",
          AlarmActions: [topicArn],
          OKActions: [topicArn],
          ...overrides,
        }),
      );
    },
    putCpu,
    passPeriod(value) {
      const now = fixture.clock.now();
      const start = now - (now % PERIOD_MILLISECONDS);
      for (let second = 0; second < 5; second += 1) putCpu(value, start + second * 1000);
      fixture.clock.advance(start + PERIOD_MILLISECONDS + 1_100 - now);
    },
    readAlarm,
    waitForState: (state, name) =>
      vi.waitFor(
        async () => {
          const alarm = await readAlarm(name);
          expect(alarm.StateValue).toBe(state);
          return alarm;
        },
        { timeout: 3_000, interval: 30 },
      ),
    async waitForMessages(count) {
      await vi.waitFor(() => expect(receiver.posts).toHaveLength(count), { timeout: 3_000, interval: 20 });
      return receiver.posts.map(({ body }) => JSON.parse(JSON.parse(body).Records[0].Sns.Message));
    },
    async close() {
      await fixture.close();
      await receiver.close();
    },
  };
}
