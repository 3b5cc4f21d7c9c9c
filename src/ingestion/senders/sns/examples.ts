import type { Example } from "../../sender.ts";

const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";

const notification = (message: unknown) => ({
  Type: "Notification",
  MessageId: "6f1c0a52-7d0e-5c5f-9a51-5a3f1a0b2c4d",
  TopicArn: topic,
  Message: JSON.stringify(message),
  Timestamp: "2026-11-23T07:00:01.500Z",
});

const alarm = {
  AlarmName: "shop-memory-high",
  AlarmDescription: "Memory of the shop",
  AlarmArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-memory-high",
  NewStateValue: "ALARM",
  NewStateReason:
    "Threshold Crossed: 1 datapoint [96.0 (23/11/26 06:59:00)] was greater than the threshold (80.0).",
  StateChangeTime: "2026-11-23T07:00:00.123+0000",
  OldStateValue: "OK",
  Trigger: {
    MetricName: "MemoryUtilization",
    Namespace: "AWS/ECS",
    StatisticType: "Statistic",
    Statistic: "MAXIMUM",
    Dimensions: [
      { name: "ClusterName", value: "production" },
      { name: "ServiceName", value: "shop" },
    ],
    Period: 60,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    ComparisonOperator: "GreaterThanThreshold",
    Threshold: 80,
    TreatMissingData: "missing",
  },
};

const { Trigger: _, ...withoutTrigger } = alarm;

export const examples: readonly Example[] = [
  {
    title: "A CloudWatch alarm, as Lambda gets it; every record is an alert of its own",
    event: { Records: [{ EventSource: "aws:sns", Sns: notification(alarm) }] },
  },
  { title: "The same as an HTTPS endpoint gets it (there it is signed)", event: notification(alarm) },
  {
    title:
      "An alarm on many series (Metrics Insights, `GROUP BY`) notifies for each: the contributor's attributes name the service, and its id is part of the key",
    event: notification({
      ...alarm,
      AlarmName: "any-service-cpu",
      AlarmArn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:any-service-cpu",
      AlarmContributorId: "6d442278dba546f6",
      AlarmContributorAttributes: { ClusterName: "production", ServiceName: "shop" },
      Trigger: {
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 80,
        TreatMissingData: "missing",
        Metrics: [
          {
            Id: "q1",
            Expression:
              'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName, ServiceName) GROUP BY ClusterName, ServiceName',
            Period: 60,
            ReturnData: true,
          },
        ],
      },
    }),
  },
  {
    title:
      "A composite alarm has no dimensions: the policy's `alarms` name its service, else the alarms of its rule that fire, as AWS has them",
    event: notification({
      ...withoutTrigger,
      AlarmName: "shop-is-down",
      AlarmRule: 'ALARM("shop-memory-high") AND ALARM("shop-latency")',
      TriggeringChildren: [
        {
          Arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-memory-high",
          State: { Value: "ALARM", Timestamp: "2026-11-23T07:00:00.123+0000" },
        },
      ],
    }),
  },
  {
    title: "The simple form, which anything can publish",
    event: notification({ service: "shop", metric: "cpu", value: 97.5, threshold: 80 }),
  },
];
