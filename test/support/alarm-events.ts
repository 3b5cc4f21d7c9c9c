/** SNS events as they reach the agent, with alarms of the small world of `aws-world.ts`. */
import { ACCOUNT, CLUSTER, SERVICE } from "./aws-world.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The message that CloudWatch publishes for an alarm on a metric of the service; fields can be replaced. */
export function alarmMessage(overrides: Fields = {}, trigger: Fields = {}): Record<string, unknown> {
  return {
    AlarmName: "shop-memory-high",
    AlarmDescription: "Memory of the service",
    AWSAccountId: "000000000000",
    NewStateValue: "ALARM",
    NewStateReason: "Threshold Crossed: 1 datapoint (96.0) was greater than the threshold (80.0).",
    StateChangeTime: new Date().toISOString().replace("Z", "+0000"),
    Region: "US East (N. Virginia)",
    AlarmArn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:shop-memory-high`,
    OldStateValue: "OK",
    ...overrides,
    Trigger: {
      MetricName: "MemoryUtilization",
      Namespace: "AWS/ECS",
      StatisticType: "Statistic",
      Statistic: "MAXIMUM",
      Dimensions: [
        { name: "ClusterName", value: CLUSTER },
        { name: "ServiceName", value: SERVICE },
      ],
      Period: 1,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      ComparisonOperator: "GreaterThanThreshold",
      Threshold: 80,
      TreatMissingData: "missing",
      ...trigger,
    },
  };
}

/** The alarm of the world with too much traffic. */
export function cpuAlarmMessage(): Record<string, unknown> {
  return alarmMessage(
    {
      AlarmName: "shop-cpu-high",
      AlarmArn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:shop-cpu-high`,
      AlarmDescription: "CPU of the service",
    },
    { MetricName: "CPUUtilization", Statistic: "AVERAGE" },
  );
}

/** An SNS event as Lambda gets it, one record for each message; texts go in as they are. */
export function snsEvent(...messages: readonly (string | Fields)[]): { Records: Fields[] } {
  return {
    Records: messages.map((message) => ({
      EventSource: "aws:sns",
      EventVersion: "1.0",
      Sns: {
        Type: "Notification",
        MessageId: "6f1c0a52-0000-4000-8000-000000000000",
        TopicArn: `arn:aws:sns:${ACCOUNT}:alarms`,
        Timestamp: new Date().toISOString(),
        Message: typeof message === "string" ? message : JSON.stringify(message),
      },
    })),
  };
}
