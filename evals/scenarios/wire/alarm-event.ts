/** The event that starts the agent: from SNS, or from EventBridge where the alarm's only action is a scaling policy. */
import {
  alarmArn,
  alarmDatapoints,
  alarmName,
  bandQueries,
  descriptionOf,
  isPercentile,
  reasonOf,
} from "./alarms.ts";
import { metricIdentity } from "./metrics.ts";
import type { Scene } from "./scene.ts";

const SNS_STATISTIC: Readonly<Record<string, string>> = {
  Average: "AVERAGE",
  Sum: "SUM",
  Maximum: "MAXIMUM",
  Minimum: "MINIMUM",
};

/** The event as Lambda gets it: from SNS, or from EventBridge where the alarm's only action is a scaling policy. */
export function alarmEvent(scene: Scene): unknown {
  return scene.world.alarm.ofScaling === undefined ? snsEvent(scene) : busEvent(scene);
}

function busEvent(scene: Scene): unknown {
  const { alarm } = scene.world;
  const { namespace, name, dimensions } = metricIdentity(scene, alarm.metric);
  const timestamp = new Date(Math.round(scene.time(alarm.fired))).toISOString().replace("Z", "+0000");
  const datapoints = alarmDatapoints(scene).flatMap(({ v }) => v ?? []);
  return {
    version: "0",
    id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: "112233445566",
    time: new Date(Math.round(scene.time(alarm.fired)) + 120).toISOString(),
    region: "eu-west-1",
    resources: [alarmArn(scene)],
    detail: {
      alarmName: alarmName(scene),
      configuration: {
        description: descriptionOf(scene),
        metrics: [
          {
            id: "m1",
            metricStat: {
              metric: { namespace, name, dimensions },
              period: alarm.periodSeconds,
              stat: alarm.statistic,
            },
            returnData: true,
          },
        ],
      },
      previousState: { value: "OK", timestamp },
      state: {
        value: "ALARM",
        reason: reasonOf(scene),
        reasonData: JSON.stringify({
          version: "1.0",
          statistic: alarm.statistic,
          period: alarm.periodSeconds,
          recentDatapoints: datapoints,
          threshold: alarm.threshold,
        }),
        timestamp,
      },
    },
  };
}

function snsEvent(scene: Scene): unknown {
  const { alarm } = scene.world;
  const { namespace, name, dimensions } = metricIdentity(scene, alarm.metric);
  const pairs = Object.entries(dimensions).map(([key, value]) => ({ name: key, value }));
  const changed = new Date(Math.round(scene.time(alarm.fired))).toISOString().replace("Z", "+0000");
  const message = {
    AlarmName: alarmName(scene),
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: "112233445566",
    AlarmConfigurationUpdatedTimestamp: "2026-02-11T09:14:02.121+0000",
    NewStateValue: "ALARM",
    NewStateReason: reasonOf(scene),
    StateChangeTime: changed,
    Region: "EU (Ireland)",
    AlarmArn: alarmArn(scene),
    OldStateValue: "OK",
    OKActions: [],
    AlarmActions: [scene.arn("sns", "ops-alarms")],
    InsufficientDataActions: [],
    Trigger: {
      ...(alarm.band === undefined
        ? {
            MetricName: name,
            Namespace: namespace,
            ...(isPercentile(alarm.statistic)
              ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: alarm.statistic }
              : { StatisticType: "Statistic", Statistic: SNS_STATISTIC[alarm.statistic] }),
            Unit: null,
            Dimensions: pairs,
            ComparisonOperator: alarm.comparison,
            Threshold: alarm.threshold,
          }
        : {
            ThresholdMetricId: "ad1",
            ComparisonOperator: "LessThanLowerThreshold",
            Metrics: bandQueries(alarm, { Namespace: namespace, MetricName: name, Dimensions: pairs }),
          }),
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluations,
      DatapointsToAlarm: alarm.datapoints,
      TreatMissingData: alarm.missing,
      EvaluateLowSampleCountPercentile: "",
    },
  };
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: scene.arn("sns", "ops-alarms:5a6b"),
        Sns: {
          Type: "Notification",
          MessageId: scene.targetGroup.slice(-16),
          TopicArn: scene.arn("sns", "ops-alarms"),
          Subject: `ALARM: "${alarmName(scene)}" in EU (Ireland)`,
          Message: JSON.stringify(message),
          Timestamp: new Date(Math.round(scene.time(alarm.fired)) + 120).toISOString(),
        },
      },
    ],
  };
}
