import type { ThrottleRule } from "./throttles.ts";

/**
 * What AWS publishes of its default rates in us-east-1. For CloudWatch and Logs it gives calls a second and no
 * burst, so the bucket holds one second's worth. SNS, ELBv2, Application Auto Scaling and STS are not throttled
 * here: their rates are not published an operation, or far above what one machine sends.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
 * @see https://docs.aws.amazon.com/general/latest/gr/cwl_region.html
 */
export const awsThrottleRules: readonly ThrottleRule[] = [
  ecs(["CreateCluster", "DeleteCluster", "UpdateCluster", "UpdateClusterSettings"], 20, 1),
  ecs(["DescribeClusters", "ListClusters"], 50, 20),
  ecs(["RegisterTaskDefinition", "DeregisterTaskDefinition"], 20, 1),
  ecs(["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"], 50, 20),
  ecs(["TagResource", "UntagResource"], 20, 10),
  ecs(["ListTagsForResource"], 50, 20),
  ecs(["RunTask", "StartTask", "StopTask", "ExecuteCommand"], 100, 40),
  ecs(["DescribeTasks", "ListTasks", "DescribeContainerInstances", "ListContainerInstances"], 100, 20),
  ecs(["CreateService", "DeleteService", "UpdateService"], 50, 5),
  ecs(["DescribeServices", "ListServices"], 100, 20),
  ecs(["DescribeServiceDeployments", "ListServiceDeployments"], 50, 20),
  ecs(["DescribeServiceRevisions"], 50, 20),
  ecs(["UpdateTaskProtection", "GetTaskProtection"], 200, 80),
  ...perSecond("cloudwatch", {
    DeleteAlarms: 3,
    DescribeAlarmHistory: 20,
    DescribeAlarms: 9,
    DescribeAlarmsForMetric: 9,
    DisableAlarmActions: 3,
    EnableAlarmActions: 3,
    GetMetricData: 500,
    GetMetricStatistics: 400,
    ListMetrics: 25,
    PutCompositeAlarm: 3,
    PutMetricAlarm: 3,
    PutMetricData: 500,
    SetAlarmState: 3,
  }),
  ...perSecond("logs", { DescribeLogStreams: 25, FilterLogEvents: 25, GetLogEvents: 25 }),
];

function ecs(operations: readonly string[], burst: number, sustained: number): ThrottleRule {
  return { service: "ecs", operations, burst, perSecond: sustained };
}

function perSecond(service: string, rates: Readonly<Record<string, number>>): ThrottleRule[] {
  return Object.entries(rates).map(([operation, rate]) => ({
    service,
    operations: [operation],
    burst: rate,
    perSecond: rate,
  }));
}
