import { z } from "zod";
import { type AwsService, type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import { publish } from "./publish.ts";
import type { Publisher } from "./publisher.ts";
import type { Subscription, TopicRegistry } from "./topics.ts";

const PAGE_SIZE = 100;
const INVALID = "InvalidParameter";
const PENDING = "pending confirmation";

const TopicInput = z.object({ TopicArn: z.string(), NextToken: z.string().optional() });
const SubscribeInput = z.object({
  TopicArn: z.string(),
  Protocol: z.enum(["lambda", "http"]),
  Endpoint: z.string().min(1),
  ReturnSubscriptionArn: z.enum(["true", "false"]).default("false"),
});
type SubscribeInput = z.infer<typeof SubscribeInput>;

/** What the SNS service works on. */
export interface SnsDeps {
  readonly accountId: string;
  readonly topics: TopicRegistry;
  readonly publisher: Publisher;
}

/** The SNS API (AWS Query, 2010-03-31), as far as alarms and their subscribers need it. */
export function createSnsService(deps: SnsDeps): AwsService {
  return {
    name: "sns",
    protocol: {
      kind: "query",
      apiVersion: "2010-03-31",
      xmlNamespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    },
    operations: {
      ...topicOperations(deps),
      ...subscriptionOperations(deps),
      Publish: publish(deps.publisher),
    },
  };
}

function topicOperations({ accountId, topics }: SnsDeps): Record<string, Operation> {
  const topicName = z.string().regex(/^[\w-]{1,256}$/, "Topic Name");
  return {
    CreateTopic: operation(z.object({ Name: topicName }), INVALID, ({ Name }) => ({
      TopicArn: topics.create(Name),
    })),
    DeleteTopic: operation(TopicInput, INVALID, ({ TopicArn }) => topics.remove(TopicArn)),
    ListTopics: operation(TopicInput.pick({ NextToken: true }), INVALID, ({ NextToken }) => {
      const { items, nextToken } = paginate(topics.list(), PAGE_SIZE, NextToken, INVALID);
      return { Topics: items.map((TopicArn) => ({ TopicArn })), NextToken: nextToken };
    }),
    GetTopicAttributes: operation(TopicInput, INVALID, ({ TopicArn }) => {
      const subscriptions = topics.subscriptionsOf(TopicArn);
      const confirmed = subscriptions.filter(({ isConfirmed }) => isConfirmed).length;
      const attributes = new Map([
        ["TopicArn", TopicArn],
        ["Owner", accountId],
        ["DisplayName", ""],
        ["SubscriptionsConfirmed", String(confirmed)],
        ["SubscriptionsPending", String(subscriptions.length - confirmed)],
        ["SubscriptionsDeleted", "0"],
      ]);
      return { Attributes: attributes };
    }),
  };
}

function subscriptionOperations({ accountId, topics, publisher }: SnsDeps): Record<string, Operation> {
  const shownArn = ({ isConfirmed, arn }: Subscription, pending: string) => (isConfirmed ? arn : pending);
  return {
    Subscribe: operation(SubscribeInput, INVALID, (request) => {
      validateEndpoint(request);
      const subscription = topics.subscribe(request.TopicArn, request.Protocol, request.Endpoint);
      if (!subscription.isConfirmed) publisher.requestConfirmation(subscription);
      const isArnWanted = request.ReturnSubscriptionArn === "true";
      return { SubscriptionArn: isArnWanted ? subscription.arn : shownArn(subscription, PENDING) };
    }),
    ConfirmSubscription: operation(
      z.object({ TopicArn: z.string(), Token: z.string() }),
      INVALID,
      ({ TopicArn, Token }) => ({ SubscriptionArn: topics.confirm(TopicArn, Token).arn }),
    ),
    Unsubscribe: operation(z.object({ SubscriptionArn: z.string() }), INVALID, ({ SubscriptionArn }) =>
      topics.unsubscribe(SubscriptionArn),
    ),
    ListSubscriptionsByTopic: operation(TopicInput, INVALID, ({ TopicArn, NextToken }) => {
      const page = paginate(topics.subscriptionsOf(TopicArn), PAGE_SIZE, NextToken, INVALID);
      return {
        Subscriptions: page.items.map((subscription) => ({
          SubscriptionArn: shownArn(subscription, "PendingConfirmation"),
          Owner: accountId,
          Protocol: subscription.protocol,
          Endpoint: subscription.endpoint,
          TopicArn,
        })),
        NextToken: page.nextToken,
      };
    }),
  };
}

function validateEndpoint({ Protocol, Endpoint }: SubscribeInput): void {
  const isValid =
    Protocol === "lambda"
      ? /^arn:aws:lambda:[^:]+:\d{12}:function:\S+$/.test(Endpoint)
      : /^http:\/\/\S+$/.test(Endpoint);
  if (!isValid) {
    throw new WireError(INVALID, `Invalid parameter: Endpoint Reason: not a valid ${Protocol} endpoint`);
  }
}
