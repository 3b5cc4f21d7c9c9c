import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AlarmFixture, CPU, startAlarms } from "./alarms/alarm-fixture.ts";
import { TelemetryConditions } from "./conditions.ts";
import { startReceiver } from "./telemetry-fixture.ts";

const ORIGIN = Date.UTC(2026, 10, 23, 7, 1, 0);
let fixture: AlarmFixture;

beforeEach(async () => {
  fixture = await startAlarms(ORIGIN);
});
afterEach(() => fixture.close());

function setConditions(conditions: unknown): void {
  fixture.telemetry.setConditions(TelemetryConditions.parse(conditions));
}

describe("metrics", () => {
  test("that come late alarm late, and then with the time at which they were measured", async () => {
    setConditions({ metrics: { delaySeconds: 20 } });
    await fixture.putAlarm({ EvaluationPeriods: 2, DatapointsToAlarm: 1, TreatMissingData: "ignore" });

    fixture.passPeriod(90);
    fixture.passPeriod(90);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const early = await fixture.readAlarm();
    fixture.clock.advance(12_000);
    const late = await fixture.waitForState("ALARM");

    expect(early.StateValue).toBe("INSUFFICIENT_DATA");
    expect(late.StateReason).toContain("(23/11/26 07:01:00)");
  });

  test("that vanish are missing for the alarm on them, and only for it", async () => {
    await fixture.putAlarm({ TreatMissingData: "breaching" });
    fixture.passPeriod(10);
    await fixture.waitForState("OK");

    setConditions({ metrics: { vanish: [{ namespace: "AWS/ECS", name: "MemoryUtilization" }] } });
    fixture.passPeriod(10);
    fixture.passPeriod(10);
    fixture.passPeriod(10);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const untouched = await fixture.readAlarm();
    const dimensions = { ServiceName: "web" };
    setConditions({ metrics: { vanish: [{ namespace: CPU.Namespace, dimensions }] } });
    for (let period = 0; period < 5; period += 1) fixture.passPeriod(10);
    const alarm = await fixture.waitForState("ALARM");

    expect(untouched.StateValue).toBe("OK");
    expect(alarm.StateReason).toContain("no datapoints were received for 2 periods");
  });
});

test("log lines that come late keep their time and are ingested when they come", async () => {
  const read = () => fixture.logs.send(new FilterLogEventsCommand({ logGroupName: "/ecs/web" }));
  setConditions({ logs: { delaySeconds: 30 } });
  fixture.telemetry.logs.createGroup("/ecs/web");
  fixture.telemetry.logs.put("/ecs/web", "web/a", [{ at: ORIGIN, message: "late" }]);

  fixture.clock.advance(29_000);
  await new Promise((resolve) => setTimeout(resolve, 400));
  const early = await read();
  fixture.clock.advance(1_500);
  const late = await vi.waitFor(async () => {
    const page = await read();
    expect(page.events).toHaveLength(1);
    return page;
  });

  expect(early.events).toEqual([]);
  expect(late.events?.[0]).toMatchObject({ timestamp: ORIGIN, ingestionTime: ORIGIN + 30_500 });
});

describe("notifications", () => {
  test("come twice, late and newest first when told so, with the same message ids", async () => {
    const receiver = await startReceiver();
    const { TopicArn } = await fixture.sns.send(new CreateTopicCommand({ Name: "other" }));
    const Endpoint = "arn:aws:lambda:us-east-1:000000000000:function:other";
    await fixture.sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint }));
    fixture.telemetry.registerFunction(Endpoint, receiver.url);
    const published: (string | undefined)[] = [];
    const idsOf = () => receiver.posts.map(({ body }) => JSON.parse(body).Records[0].Sns.MessageId as string);
    setConditions({
      notifications: { copies: 2, copyAfterSeconds: 0.9, delaySeconds: 0.3, reorderSeconds: 0.3 },
    });

    for (const Message of ["first", "second"]) {
      const { MessageId } = await fixture.sns.send(new PublishCommand({ TopicArn, Message }));
      published.push(MessageId);
    }
    const early = idsOf();
    await vi.waitFor(() => expect(receiver.posts).toHaveLength(4), { timeout: 4_000, interval: 20 });

    const newestFirst = published.toReversed();
    expect(early).toEqual([]);
    expect(idsOf()).toEqual([...newestFirst, ...newestFirst]);
    await receiver.close();
  });

  test("that are held when the sandbox ends are dropped", async () => {
    setConditions({ notifications: { delaySeconds: 0.2 } });
    await fixture.sns.send(new PublishCommand({ TopicArn: fixture.topicArn, Message: "text" }));

    await fixture.telemetry.stop();
    await new Promise((resolve) => setTimeout(resolve, 400));

    expect(fixture.posts).toEqual([]);
  });
});

test("an event goes to every registered function as it is", async () => {
  const event = { source: "aws.ecs", "detail-type": "ECS Task State Change", detail: { version: 3 } };

  fixture.telemetry.sendEvent(event);

  await vi.waitFor(() => expect(fixture.posts).toHaveLength(1));
  expect(JSON.parse(fixture.posts[0]?.body ?? "")).toEqual(event);
});

test("conditions are parsed strictly", () => {
  expect(TelemetryConditions.parse({}).notifications.copies).toBe(1);
  expect(() => TelemetryConditions.parse({ metrics: { delay: 3 } })).toThrow();
  expect(() => TelemetryConditions.parse({ notifications: { copies: 0 } })).toThrow();
});
