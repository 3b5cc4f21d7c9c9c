import { Duration } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Rule } from "aws-cdk-lib/aws-events";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Topics } from "./topics.ts";

const PERIOD = Duration.minutes(5);

export interface AgentParts {
  readonly topics: Topics;
  readonly incident: LambdaFunction;
  readonly dispatcher: LambdaFunction;
  readonly slack: LambdaFunction;
  readonly deadLetters: Queue;
  readonly rules: readonly Rule[];
}

/** Alarms on the agent itself: on metrics that must stay zero. */
export function createAgentAlarms(scope: Construct, parts: AgentParts): readonly Alarm[] {
  const parent = new Construct(scope, "Watch");
  const { incident, dispatcher, slack, deadLetters, topics, rules } = parts;
  const sum = { period: PERIOD, statistic: Stats.SUM };
  const execution = (metricName: string) =>
    new Metric({
      namespace: "AWS/Lambda",
      metricName,
      dimensionsMap: { FunctionName: incident.functionName },
      ...sum,
    });
  const alarms: readonly (readonly [id: string, metric: Metric, description: string])[] = [
    ["IncidentErrors", incident.metricErrors(sum), "A step of an incident failed as a whole."],
    ["IncidentThrottles", incident.metricThrottles(sum), "Incidents wait for concurrency."],
    ["IncidentsFailed", execution("DurableExecutionFailed"), "An incident ended without a verdict."],
    ["IncidentsTimedOut", execution("DurableExecutionTimedOut"), "An incident outlived its time."],
    ["DispatcherErrors", dispatcher.metricErrors(sum), "An alarm could not be handed on."],
    ["DispatcherThrottles", dispatcher.metricThrottles(sum), "Alarms wait for concurrency."],
    ["SlackErrors", slack.metricErrors(sum), "An answer in Slack could not be taken."],
    ["SlackThrottles", slack.metricThrottles(sum), "Answers in Slack are turned away."],
    [
      "DeadLetters",
      deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM }),
      "An event that should have started an incident, or an incident that failed, is in the dead-letter queue.",
    ],
    [
      "Undelivered",
      topics.alarms.metricNumberOfNotificationsFailed(sum),
      "The topic could not deliver an alarm.",
    ],
    ...rules.map(
      (rule) =>
        [
          `${rule.node.id}NotDelivered`,
          new Metric({
            namespace: "AWS/Events",
            metricName: "FailedInvocations",
            dimensionsMap: { RuleName: rule.ruleName },
            ...sum,
          }),
          "An event of ECS could not be handed on.",
        ] as const,
    ),
  ];
  return alarms.map(([id, metric, description]) =>
    metric.createAlarm(parent, id, {
      alarmDescription: `OpsAgent itself: ${description}`,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
}
