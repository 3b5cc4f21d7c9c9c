import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startReceiver, startTelemetry, type TelemetryFixture } from "../telemetry-fixture.ts";

const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:opsagent";
const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:alarms";

let fixture: TelemetryFixture;
const receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];

beforeEach(async () => {
  fixture = await startTelemetry(Date.UTC(2026, 10, 23, 7));
  await fixture.sns.send(new CreateTopicCommand({ Name: "alarms" }));
});
afterEach(async () => {
  await fixture.close();
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});

async function receive(statuses?: number[]) {
  const receiver = await startReceiver(statuses);
  receivers.push(receiver);
  return receiver;
}

async function subscribe(Protocol: string, Endpoint: string): Promise<string> {
  const { SubscriptionArn } = await fixture.sns.send(
    new SubscribeCommand({ TopicArn: TOPIC_ARN, Protocol, Endpoint, ReturnSubscriptionArn: true }),
  );
  return SubscriptionArn ?? "";
}

function publish(Message: string): Promise<unknown> {
  return fixture.sns.send(new PublishCommand({ TopicArn: TOPIC_ARN, Subject: "hello", Message }));
}

async function waitForPosts(receiver: { posts: unknown[] }, count: number): Promise<void> {
  await vi.waitFor(() => expect(receiver.posts).toHaveLength(count), { timeout: 5_000, interval: 20 });
}

describe("a function", () => {
  test("gets the Lambda event of SNS", async () => {
    const receiver = await receive();
    fixture.telemetry.registerFunction(FUNCTION_ARN, receiver.url);
    const subscriptionArn = await subscribe("lambda", FUNCTION_ARN);

    await fixture.sns.send(
      new PublishCommand({
        TopicArn: TOPIC_ARN,
        Subject: "hello",
        Message: "text",
        MessageAttributes: { kind: { DataType: "String", StringValue: "drill" } },
      }),
    );

    await waitForPosts(receiver, 1);
    expect(JSON.parse(receiver.posts[0]?.body ?? "")).toEqual({
      Records: [
        {
          EventSource: "aws:sns",
          EventVersion: "1.0",
          EventSubscriptionArn: subscriptionArn,
          Sns: {
            Type: "Notification",
            MessageId: expect.stringMatching(/^[\da-f-]{36}$/),
            TopicArn: TOPIC_ARN,
            Subject: "hello",
            Message: "text",
            Timestamp: "2026-11-23T07:00:00.000Z",
            SignatureVersion: "1",
            Signature: expect.any(String),
            SigningCertUrl: expect.stringContaining(".pem"),
            UnsubscribeUrl: expect.stringContaining("Unsubscribe"),
            MessageAttributes: { kind: { Type: "String", Value: "drill" } },
          },
        },
      ],
    });
  });

  test("gets the same message again until it answers 2xx", async () => {
    const receiver = await receive([500, 503]);
    fixture.telemetry.registerFunction(FUNCTION_ARN, receiver.url);
    await subscribe("lambda", FUNCTION_ARN);

    await publish("again");

    await waitForPosts(receiver, 3);
    const ids = receiver.posts.map(({ body }) => JSON.parse(body).Records[0].Sns.MessageId);
    expect(new Set(ids).size).toBe(1);
  });

  test("may be registered after the message was published", async () => {
    const receiver = await receive();
    await subscribe("lambda", FUNCTION_ARN);
    await publish("early");

    fixture.telemetry.registerFunction(FUNCTION_ARN, receiver.url);

    await waitForPosts(receiver, 1);
  });
});

test("an HTTP endpoint gets notifications once it has confirmed", async () => {
  const receiver = await receive();
  await subscribe("http", receiver.url);
  await waitForPosts(receiver, 1);
  const request = JSON.parse(receiver.posts[0]?.body ?? "");
  await publish("too early");

  const confirmation = await fetch(request.SubscribeURL);
  await publish("in time");

  await waitForPosts(receiver, 2);
  expect(request).toMatchObject({ Type: "SubscriptionConfirmation", TopicArn: TOPIC_ARN });
  expect(receiver.posts[0]?.headers["x-amz-sns-message-type"]).toBe("SubscriptionConfirmation");
  expect(confirmation.status).toBe(200);
  expect(receiver.posts[1]?.headers).toMatchObject({
    "content-type": "text/plain; charset=UTF-8",
    "x-amz-sns-message-type": "Notification",
    "x-amz-sns-topic-arn": TOPIC_ARN,
  });
  expect(JSON.parse(receiver.posts[1]?.body ?? "")).toMatchObject({
    Type: "Notification",
    Message: "in time",
  });
});

test("topics and subscriptions can be listed and removed", async () => {
  const subscriptionArn = await subscribe("lambda", FUNCTION_ARN);

  const topics = await fixture.sns.send(new ListTopicsCommand({}));
  const listed = await fixture.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }));
  const attributes = await fixture.sns.send(new GetTopicAttributesCommand({ TopicArn: TOPIC_ARN }));
  await fixture.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscriptionArn }));
  const left = await fixture.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }));

  expect(topics.Topics).toEqual([{ TopicArn: TOPIC_ARN }]);
  expect(listed.Subscriptions).toEqual([
    {
      SubscriptionArn: subscriptionArn,
      Owner: "000000000000",
      Protocol: "lambda",
      Endpoint: FUNCTION_ARN,
      TopicArn: TOPIC_ARN,
    },
  ]);
  expect(attributes.Attributes).toMatchObject({ TopicArn: TOPIC_ARN, SubscriptionsConfirmed: "1" });
  expect(left.Subscriptions).toEqual([]);
});

test("an unknown topic and an unsupported protocol are refused", async () => {
  await expect(
    fixture.sns.send(new PublishCommand({ TopicArn: `${TOPIC_ARN}-missing`, Message: "text" })),
  ).rejects.toMatchObject({ name: "NotFoundException" });
  await expect(subscribe("email", "someone@example.com")).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("stopping ends a delivery that nobody takes", async () => {
  await subscribe("lambda", FUNCTION_ARN);
  await publish("nobody is there");

  const stopped = fixture.telemetry.stop();

  await expect(stopped).resolves.toBeUndefined();
});
