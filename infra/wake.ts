/** The dispatcher's triggers, and the queue of undelivered events. */
import { Duration, Stack } from "aws-cdk-lib";
import { Rule, type RuleProps } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { ECS_EVENTS } from "./ecs-events.ts";
import type { Names } from "./names.ts";
import type { Topics } from "./topics.ts";

export interface WakeOptions {
  readonly names: Names;
  readonly topics: Topics;
  readonly dispatcher: LambdaFunction;
  readonly deadLetters: Queue;
  readonly taskEvents: boolean;
}

/**
 * Subscribes the dispatcher to the alarm topic, to alarms that name the function itself, and to ECS's events. Returns
 * the rules.
 */
export function wakeBy(scope: Construct, options: WakeOptions): readonly Rule[] {
  const { topics, dispatcher, deadLetters, taskEvents } = options;
  topics.alarms.addSubscription(new LambdaSubscription(dispatcher, { deadLetterQueue: deadLetters }));
  dispatcher.addPermission("AlarmsDirectly", {
    principal: new ServicePrincipal("lambda.alarms.cloudwatch.amazonaws.com"),
    sourceAccount: Stack.of(scope).account,
  });
  dispatcher.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    // CDK's own destination for queues also grants reading the queue's attributes, which is not needed.
    onFailure: { bind: () => ({ destination: deadLetters.queueArn }) },
  });
  return taskEvents ? ecsRules(scope, options) : [];
}

function ecsRules(scope: Construct, { names, dispatcher, deadLetters }: WakeOptions): readonly Rule[] {
  const rule = (id: string, props: Pick<RuleProps, "description" | "eventPattern">) =>
    new Rule(scope, id, {
      ...props,
      targets: [
        new LambdaTarget(dispatcher, {
          deadLetterQueue: deadLetters,
          maxEventAge: Duration.hours(1),
          retryAttempts: 5,
        }),
      ],
    });
  // The agent's own table, whose rows are in its reference: what it notes anyhow is not subscribed to.
  return ECS_EVENTS.filter(({ within }) => within === undefined).map(({ id, detailType, detail, what }) =>
    rule(id, {
      description: `Of the cluster: ${what}`,
      eventPattern: {
        source: ["aws.ecs"],
        detailType: [detailType],
        // A deployment's event names its cluster in the service's ARN only.
        ...(detailType === DEPLOYMENT
          ? { resources: [{ prefix: names.service("") }] as unknown as string[], detail }
          : { detail: { clusterArn: [names.cluster], ...detail } }),
      },
    }),
  );
}

const DEPLOYMENT = "ECS Deployment State Change";
