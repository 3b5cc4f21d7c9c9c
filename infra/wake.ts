/** The dispatcher's triggers, and the queue of undelivered events. */
import { Duration, Stack } from "aws-cdk-lib";
import { Rule, type RuleProps } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { LambdaSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Names } from "./names.ts";
import type { Topics } from "./topics.ts";

/** Stops that indicate a problem; the others are scale-in, deployments and people. */
const BAD_STOPS = ["EssentialContainerExited", "TaskFailedToStart"];

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
  return [
    rule("FailedTasks", {
      description: "Tasks of the cluster that stopped by themselves or never started",
      eventPattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Task State Change"],
        detail: {
          clusterArn: [names.cluster],
          lastStatus: ["STOPPED"],
          stopCode: BAD_STOPS,
          // Tasks that run by hand or on a schedule belong to no service.
          group: [{ prefix: "service:" }],
        },
      },
    }),
    rule("ImpairedServices", {
      description: "Services of the cluster whose tasks do not start or cannot be placed",
      eventPattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Service Action"],
        detail: {
          clusterArn: [names.cluster],
          eventName: ["SERVICE_TASK_START_IMPAIRED", "SERVICE_TASK_PLACEMENT_FAILURE"],
        },
      },
    }),
    rule("FailedDeployments", {
      description: "Deployments of the cluster that ECS gave up",
      eventPattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Deployment State Change"],
        resources: [{ prefix: names.service("") }] as unknown as string[],
        detail: { eventName: ["SERVICE_DEPLOYMENT_FAILED"] },
      },
    }),
  ];
}
