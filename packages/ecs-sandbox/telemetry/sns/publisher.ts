import { randomUUID } from "node:crypto";
import type { Delivery, DeliveryQueue } from "./delivery.ts";
import {
  type EnvelopeLinks,
  type Notification,
  toConfirmationRequest,
  toHttpNotification,
  toLambdaEvent,
} from "./envelope.ts";
import type { Subscription, TopicRegistry } from "./topics.ts";
import type { UnreliableQueue } from "./unreliable-queue.ts";

/** SNS keeps trying a function for 23 days, an HTTP endpoint for an hour. */
const LAMBDA_LIMITS = { attemptTimeoutMilliseconds: 60_000, giveUpAfterMilliseconds: 23 * 86_400_000 };
const HTTP_LIMITS = { attemptTimeoutMilliseconds: 15_000, giveUpAfterMilliseconds: 3_600_000 };

/** What is published: `messageByProtocol` may hold texts that replace the default one. */
export interface Publication {
  readonly topicArn: string;
  readonly subject?: string | undefined;
  readonly message: string;
  readonly messageByProtocol?: Readonly<Record<string, string>>;
  readonly attributes?: Notification["attributes"];
}

/** Sends notifications to the subscribers of a topic. */
export interface Publisher {
  /** Hands a message to every confirmed subscriber; returns the message id, throws for an unknown topic. */
  publish(publication: Publication): string;
  /** Asks an HTTP endpoint to confirm its subscription. */
  requestConfirmation(subscription: Subscription): void;
}

/** What {@link createPublisher} needs. */
export interface PublisherDeps {
  readonly topics: TopicRegistry;
  /** For requests to confirm. */
  readonly queue: DeliveryQueue;
  /** For notifications. */
  readonly notifications: UnreliableQueue;
  readonly now: () => number;
  readonly links: () => EnvelopeLinks;
  /** The URL of a registered function, if it is there. */
  readonly functionUrl: (arn: string) => string | undefined;
}

/** Creates a publisher over a registry and a queue. */
export function createPublisher(deps: PublisherDeps): Publisher {
  const { topics, queue, notifications, now, links, functionUrl } = deps;

  function deliver(notification: Notification, subscription: Subscription): void {
    if (subscription.protocol === "lambda") {
      notifications.send({
        ...LAMBDA_LIMITS,
        url: () => functionUrl(subscription.endpoint),
        headers: { "content-type": "application/json" },
        body: JSON.stringify(toLambdaEvent(notification, subscription, links())),
      });
      return;
    }
    const body = toHttpNotification(notification, subscription, links());
    notifications.send(
      toPost(subscription, "Notification", notification.messageId, body, { includeArn: true }),
    );
  }

  return {
    publish({ topicArn, subject, message, messageByProtocol, attributes }) {
      const messageId = randomUUID();
      const at = now();
      for (const subscription of topics.subscriptionsOf(topicArn)) {
        if (!subscription.isConfirmed) continue;
        const text = messageByProtocol?.[subscription.protocol] ?? message;
        deliver(
          { messageId, topicArn, subject, message: text, attributes: attributes ?? {}, at },
          subscription,
        );
      }
      return messageId;
    },
    requestConfirmation(subscription) {
      const messageId = randomUUID();
      const body = toConfirmationRequest(subscription, messageId, now(), links());
      queue.send(toPost(subscription, "SubscriptionConfirmation", messageId, body, { includeArn: false }));
    },
  };
}

function toPost(
  subscription: Subscription,
  type: string,
  messageId: string,
  body: unknown,
  { includeArn }: { includeArn: boolean },
): Delivery {
  return {
    ...HTTP_LIMITS,
    url: () => subscription.endpoint,
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "user-agent": "Amazon Simple Notification Service Agent",
      "x-amz-sns-message-type": type,
      "x-amz-sns-message-id": messageId,
      "x-amz-sns-topic-arn": subscription.topicArn,
      ...(includeArn && { "x-amz-sns-subscription-arn": subscription.arn }),
    },
    body: JSON.stringify(body, null, 2),
  };
}
