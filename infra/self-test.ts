import { Duration, Stack, Validations } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { SnsPublish } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { Topics } from "./topics.ts";

const EVERY = Duration.minutes(15);

/**
 * The dead man's switch: a message goes through the alarm topic, and the agent counts each that arrives. Two missing
 * ones, for whatever reason, raise the alarm.
 */
export function createSelfTest(scope: Construct, topics: Topics, deadLetters: IQueue): Alarm {
  const role = new Role(scope, "SelfTestRole", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
    }),
    description: "Publishes the self-test",
  });
  Validations.of(role).acknowledge({
    id: "AwsSolutions-IAM5[Action::kms:GenerateDataKey*]",
    reason: "The two calls that make a data key with the topic's one key; the resource is that key alone.",
  });
  new Schedule(scope, "SelfTest", {
    description: "OpsAgent: is anybody awake?",
    schedule: ScheduleExpression.rate(EVERY),
    target: new SnsPublish(topics.alarms, {
      role,
      input: ScheduleTargetInput.fromObject({ opsagent: "self-test" }),
      deadLetterQueue: deadLetters,
      retryAttempts: 2,
      maxEventAge: EVERY,
    }),
  });
  return new Metric({
    namespace: "OpsAgent",
    metricName: "SelfTest",
    statistic: Stats.SUM,
    period: EVERY,
  }).createAlarm(scope, "Silent", {
    alarmDescription: "OpsAgent has not answered its self-test for half an hour: alarms may reach nobody.",
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
