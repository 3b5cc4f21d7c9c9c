/** SNS events as Lambda gets them, and the messages that CloudWatch puts into them. */

export type Fields = Readonly<Record<string, unknown>>;

export const ALARM_ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-memory-high";

/** The message of a metric alarm, with every field that CloudWatch sends. */
export function metricAlarm(overrides: Fields = {}, trigger: Fields = {}): Record<string, unknown> {
  return {
    AlarmName: "shop-memory-high",
    AlarmDescription: "Memory of the shop",
    AWSAccountId: "123456789012",
    AlarmConfigurationUpdatedTimestamp: "2026-11-01T08:00:00.000+0000",
    NewStateValue: "ALARM",
    NewStateReason:
      "Threshold Crossed: 1 datapoint [96.0 (23/11/26 06:59:00)] was greater than the threshold (80.0).",
    StateChangeTime: "2026-11-23T07:00:00.123+0000",
    Region: "EU (Frankfurt)",
    AlarmArn: ALARM_ARN,
    OldStateValue: "OK",
    OKActions: [],
    AlarmActions: ["arn:aws:sns:eu-central-1:123456789012:alarms"],
    InsufficientDataActions: [],
    ...overrides,
    Trigger: {
      MetricName: "MemoryUtilization",
      Namespace: "AWS/ECS",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Unit: null,
      Dimensions: [
        { value: "production", name: "ClusterName" },
        { value: "shop", name: "ServiceName" },
      ],
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 80,
      TreatMissingData: "missing",
      EvaluateLowSampleCountPercentile: "",
      ...trigger,
    },
  };
}

/** A percentile alarm: `ExtendedStatistic` in place of `Statistic`. */
export const percentileAlarm = () => {
  const { Trigger, ...alarm } = metricAlarm({ AlarmName: "shop-latency" });
  const { Statistic: _, ...trigger } = Trigger as Record<string, unknown>;
  return {
    ...alarm,
    Trigger: {
      ...trigger,
      StatisticType: "ExtendedStatistic",
      ExtendedStatistic: "p99",
      MetricName: "TargetResponseTime",
      Namespace: "AWS/ApplicationELB",
      Dimensions: [{ value: "app/shop/50dc6c495c0c9188", name: "LoadBalancer" }],
    },
  };
};

/** A metric-math alarm: `Metrics` in place of one metric, each with dimensions of its own. */
export const metricMathAlarm = (services: readonly [string, string] = ["shop", "shop"]) => {
  const { Trigger: _, ...alarm } = metricAlarm({ AlarmName: "shop-error-rate" });
  const stat = (id: string, name: string, service: string) => ({
    Id: id,
    MetricStat: {
      Metric: {
        Dimensions: [
          { value: "production", name: "ClusterName" },
          { value: service, name: "ServiceName" },
        ],
        MetricName: name,
        Namespace: "Shop",
      },
      Period: 60,
      Stat: "Sum",
    },
    ReturnData: false,
  });
  return {
    ...alarm,
    Trigger: {
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      ComparisonOperator: "GreaterThanOrEqualToThreshold",
      Threshold: 5,
      TreatMissingData: "notBreaching",
      EvaluateLowSampleCountPercentile: "",
      Metrics: [
        { Expression: "100 * errors / requests", Id: "rate", Label: "Error rate", ReturnData: true },
        stat("errors", "Errors", services[0]),
        stat("requests", "Requests", services[1]),
      ],
    },
  };
};

/** A composite alarm: a rule over other alarms and no `Trigger` at all. */
export const compositeAlarm = () => {
  const { Trigger: _, ...alarm } = metricAlarm({ AlarmName: "shop-is-down" });
  return {
    ...alarm,
    AlarmRule: 'ALARM("shop-memory-high") AND ALARM("shop-latency")',
    TriggeringChildren: [
      {
        Arn: ALARM_ARN,
        State: { Value: "ALARM", Timestamp: "2026-11-23T06:59:58.000+0000" },
      },
    ],
  };
};

export const SENT_AT = "2026-11-23T07:00:01.500Z";

/** One SNS record; a message that is text goes in as it is. */
export function record(message: unknown, sns: Fields = {}): Fields {
  return {
    EventSource: "aws:sns",
    EventVersion: "1.0",
    EventSubscriptionArn: "arn:aws:sns:eu-central-1:123456789012:alarms:0f1e2d3c",
    Sns: {
      Type: "Notification",
      MessageId: "6f1c0a52-0000-4000-8000-000000000000",
      TopicArn: "arn:aws:sns:eu-central-1:123456789012:alarms",
      Subject: 'ALARM: "shop-memory-high" in EU (Frankfurt)',
      Message: typeof message === "string" ? message : JSON.stringify(message),
      Timestamp: SENT_AT,
      SignatureVersion: "1",
      Signature: "x",
      SigningCertUrl: "https://sns.eu-central-1.amazonaws.com/x.pem",
      UnsubscribeUrl: "https://sns.eu-central-1.amazonaws.com/?Action=Unsubscribe",
      MessageAttributes: {},
      ...sns,
    },
  };
}

export const snsEvent = (...messages: readonly unknown[]) => ({
  Records: messages.map((message) => record(message)),
});
