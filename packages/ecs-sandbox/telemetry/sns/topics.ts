import { randomUUID } from "node:crypto";
import { WireError } from "../../wire/service.ts";

/** One subscriber of a topic. Until `confirmed`, it gets no notification. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: "lambda" | "http";
  readonly endpoint: string;
  readonly token: string;
  readonly isConfirmed: boolean;
}

/** Topics and their subscriptions, in order of creation. */
export interface TopicRegistry {
  /** Idempotent; returns the ARN. */
  create(name: string): string;
  remove(topicArn: string): void;
  list(): string[];
  /** Throws `NotFound` for a topic that does not exist, as do the functions below that take a topic. */
  subscribe(topicArn: string, protocol: Subscription["protocol"], endpoint: string): Subscription;
  confirm(topicArn: string, token: string): Subscription;
  unsubscribe(subscriptionArn: string): void;
  subscriptionsOf(topicArn: string): Subscription[];
}

/** Creates an empty registry for one account and Region. */
export function createTopicRegistry(options: { region: string; accountId: string }): TopicRegistry {
  const subscriptionsByTopic = new Map<string, Map<string, Subscription>>();

  function find(topicArn: string): Map<string, Subscription> {
    const subscriptions = subscriptionsByTopic.get(topicArn);
    if (subscriptions === undefined) throw new WireError("NotFound", "Topic does not exist", 404);
    return subscriptions;
  }

  return {
    create(name) {
      const arn = `arn:aws:sns:${options.region}:${options.accountId}:${name}`;
      if (!subscriptionsByTopic.has(arn)) subscriptionsByTopic.set(arn, new Map());
      return arn;
    },
    remove: (topicArn) => void subscriptionsByTopic.delete(topicArn),
    list: () => [...subscriptionsByTopic.keys()],
    subscribe(topicArn, protocol, endpoint) {
      const subscriptions = find(topicArn);
      const existing = [...subscriptions.values()].find(
        (each) => each.protocol === protocol && each.endpoint === endpoint,
      );
      if (existing !== undefined) return existing;
      const subscription: Subscription = {
        arn: `${topicArn}:${randomUUID()}`,
        topicArn,
        protocol,
        endpoint,
        token: randomUUID().replaceAll("-", ""),
        isConfirmed: protocol === "lambda",
      };
      subscriptions.set(subscription.arn, subscription);
      return subscription;
    },
    confirm(topicArn, token) {
      const subscriptions = find(topicArn);
      const pending = [...subscriptions.values()].find((each) => each.token === token);
      if (pending === undefined) throw new WireError("InvalidParameter", "Invalid parameter: Token");
      const confirmed = { ...pending, isConfirmed: true };
      subscriptions.set(confirmed.arn, confirmed);
      return confirmed;
    },
    unsubscribe(subscriptionArn) {
      for (const subscriptions of subscriptionsByTopic.values()) subscriptions.delete(subscriptionArn);
    },
    subscriptionsOf: (topicArn) => [...find(topicArn).values()],
  };
}
