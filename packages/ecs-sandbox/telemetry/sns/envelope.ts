import type { Subscription } from "./topics.ts";

/** A message attribute, as Publish takes it. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** What was published. `at` is epoch milliseconds. */
export interface Notification {
  readonly messageId: string;
  readonly topicArn: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly at: number;
}

/** Where the links inside an envelope lead. `endpoint` is the SNS API, without a trailing slash. */
export interface EnvelopeLinks {
  readonly endpoint: string;
}

/** Nothing here is signed yet: the value says so, and a verifier must refuse it. */
const UNSIGNED = "PLACEHOLDER-NOT-A-SIGNATURE";

/** The event that a Lambda function subscribed to a topic is invoked with. */
export function toLambdaEvent(
  notification: Notification,
  subscription: Subscription,
  links: EnvelopeLinks,
): unknown {
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: "Notification",
          MessageId: notification.messageId,
          TopicArn: notification.topicArn,
          Subject: notification.subject ?? null,
          Message: notification.message,
          Timestamp: new Date(notification.at).toISOString(),
          SignatureVersion: "1",
          Signature: UNSIGNED,
          SigningCertUrl: certificateUrl(links),
          UnsubscribeUrl: unsubscribeUrl(subscription, links),
          MessageAttributes: toWireAttributes(notification.attributes),
        },
      },
    ],
  };
}

/** The body that SNS posts to an HTTP endpoint for a notification. */
export function toHttpNotification(
  notification: Notification,
  subscription: Subscription,
  links: EnvelopeLinks,
): unknown {
  const hasAttributes = Object.keys(notification.attributes).length > 0;
  return {
    Type: "Notification",
    MessageId: notification.messageId,
    TopicArn: notification.topicArn,
    ...(notification.subject !== undefined && { Subject: notification.subject }),
    Message: notification.message,
    Timestamp: new Date(notification.at).toISOString(),
    SignatureVersion: "1",
    Signature: UNSIGNED,
    SigningCertURL: certificateUrl(links),
    UnsubscribeURL: unsubscribeUrl(subscription, links),
    ...(hasAttributes && { MessageAttributes: toWireAttributes(notification.attributes) }),
  };
}

/** The body that SNS posts to an HTTP endpoint to have its subscription confirmed. */
export function toConfirmationRequest(
  subscription: Subscription,
  messageId: string,
  at: number,
  links: EnvelopeLinks,
): unknown {
  const { topicArn, token } = subscription;
  const query = new URLSearchParams({
    Action: "ConfirmSubscription",
    Version: "2010-03-31",
    TopicArn: topicArn,
    Token: token,
  });
  return {
    Type: "SubscriptionConfirmation",
    MessageId: messageId,
    Token: token,
    TopicArn: topicArn,
    Message:
      `You have chosen to subscribe to the topic ${topicArn}.\n` +
      "To confirm the subscription, visit the SubscribeURL included in this message.",
    SubscribeURL: `${links.endpoint}/?${query}`,
    Timestamp: new Date(at).toISOString(),
    SignatureVersion: "1",
    Signature: UNSIGNED,
    SigningCertURL: certificateUrl(links),
  };
}

function certificateUrl({ endpoint }: EnvelopeLinks): string {
  return `${endpoint}/SimpleNotificationService-0000000000000000000000000000dead.pem`;
}

function unsubscribeUrl(subscription: Subscription, { endpoint }: EnvelopeLinks): string {
  const query = new URLSearchParams({
    Action: "Unsubscribe",
    Version: "2010-03-31",
    SubscriptionArn: subscription.arn,
  });
  return `${endpoint}/?${query}`;
}

function toWireAttributes(attributes: Notification["attributes"]): unknown {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? "" },
    ]),
  );
}
