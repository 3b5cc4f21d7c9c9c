import type { SubscriptionReading, TopicReader } from "../../../doctor/ports.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import { readFailure } from "../aws-error.ts";
import { call } from "../call.ts";
import type { InspectionClients } from "./clients.ts";

/** A page holds 100 subscriptions. */
const maxPages = 10;

/** Reads the subscriptions of an SNS topic. */
export function createTopicReader(clients: InspectionClients): TopicReader {
  return {
    async subscriptions(topicArn, options) {
      const [sdk, client] = await Promise.all([clients.inspection(), clients.sns()]);
      const found: SubscriptionReading[] = [];
      let nextToken: string | undefined;
      try {
        for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
          const command = new sdk.ListSubscriptionsByTopicCommand({
            TopicArn: topicArn,
            ...(nextToken === undefined ? {} : { NextToken: nextToken }),
          });
          const answer = await call("sns:ListSubscriptionsByTopic", options, (send) =>
            client.send(command, send),
          );
          for (const { Protocol, Endpoint, SubscriptionArn } of answer.Subscriptions ?? []) {
            const confirmed = SubscriptionArn?.startsWith("arn:") ?? false;
            found.push({ protocol: Protocol ?? "", endpoint: Endpoint ?? "", confirmed });
          }
          nextToken = answer.NextToken;
        }
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
      return found;
    },
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof OpsAgentError && /^NotFound/.test(readFailure(error.cause).code);
}
