/** An alarm on many series in the range: its notifications, followed and read back with the product's own adapters. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type AlarmFixture, startAlarms } from "../../packages/ecs-sandbox/telemetry/alarms/alarm-fixture.ts";
import { createAwsAdapters } from "../../src/adapters/aws/index.ts";
import type { Alert } from "../../src/domain/alert.ts";
import { readAlertedAlarm } from "../../src/evidence/alerted-alarm.ts";
import { followAlarm } from "../../src/ingestion/follow-alarm.ts";
import { readEvent } from "../../src/ingestion/read-event.ts";

const QUERY =
  'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName) GROUP BY ClusterName, ServiceName';
const context = { receivedAt: "2026-11-23T07:02:00.000Z", cluster: "production", alarms: [] };

let range: AlarmFixture;

beforeEach(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  range = await startAlarms(Date.UTC(2026, 10, 23, 7, 1, 0));
});
afterEach(async () => {
  await range.close();
  vi.unstubAllEnvs();
});

function pass(values: Readonly<Record<string, number>>): void {
  const at = range.clock.now();
  range.telemetry.metrics.put(
    Object.entries(values).map(([ServiceName, value]) => ({
      namespace: "AWS/ECS",
      name: "CPUUtilization",
      dimensions: { ClusterName: "production", ServiceName },
      value,
      at,
    })),
  );
  range.passPeriod(1);
}

it("is an alert for each service, whose state is its own while the whole stays in ALARM", async () => {
  const at = await range.cloudwatch.config.endpoint?.();
  const endpoint = `http://${at?.hostname}:${at?.port}`;
  const { alarms } = createAwsAdapters({ region: "us-east-1", endpoint });
  const options = () => ({ signal: AbortSignal.timeout(10_000) });
  const [Namespace, MetricName, Dimensions, Statistic, Period] = [] as undefined[];
  await range.putAlarm({
    ...{ Namespace, MetricName, Dimensions, Statistic, Period },
    EvaluationPeriods: 1,
    DatapointsToAlarm: 1,
    Metrics: [{ Id: "q1", Expression: QUERY, Period: 5, ReturnData: true }],
    OKActions: [],
  });
  pass({ web: 90, mail: 90, payments: 20 });
  await range.waitForState("ALARM");
  const messages = await range.waitForMessages(3);

  const told = messages.flatMap((message) => readEvent({ Message: JSON.stringify(message) }, context).alerts);
  const followed = await Promise.all(told.map((one) => followAlarm(one, context, { alarms, options })));
  const alerts = followed.flat();

  expect(new Set(alerts.map(({ target }) => target?.service))).toEqual(new Set(["web", "mail"]));
  // The notification of the whole leads to the same two alerts.
  expect(new Set(alerts.map(({ key }) => key)).size).toBe(2);

  pass({ web: 30, mail: 90, payments: 20 });
  await range.waitForMessages(3);
  const stateOf = async (service: string) => {
    const alert = alerts.find(({ target }) => target?.service === service) as Alert;
    return alert.alarm && (await readAlertedAlarm(alert.alarm, alarms));
  };
  await vi.waitUntil(async () => (await stateOf("web"))?.state === "OK", { timeout: 10_000 });
  expect(await stateOf("mail")).toMatchObject({
    state: "ALARM",
    namespace: "AWS/ECS",
    metric: "CPUUtilization",
    statistic: "Maximum",
    periodSeconds: 5,
    dimensions: { ClusterName: "production", ServiceName: "mail" },
  });
  expect((await alarms.alarm("cpu-high"))?.state).toBe("ALARM");
});
