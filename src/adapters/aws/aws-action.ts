/** An API operation as IAM policies write it. */
export type AwsAction =
  | `ecs:${string}`
  | `cloudwatch:${string}`
  | `logs:${string}`
  | `elasticloadbalancing:${string}`
  | `application-autoscaling:${string}`
  | `cloudtrail:${string}`
  | `sts:${string}`
  | `iam:${string}`
  | `sns:${string}`;

const serviceNames: Readonly<Record<string, string>> = {
  ecs: "ECS",
  cloudwatch: "CloudWatch",
  logs: "CloudWatch Logs",
  elasticloadbalancing: "Elastic Load Balancing",
  "application-autoscaling": "Application Auto Scaling",
  cloudtrail: "CloudTrail",
  sts: "STS",
  iam: "IAM",
  sns: "SNS",
};

/** Formats the operation for people: `ecs:DescribeTasks` is "ECS DescribeTasks". */
export function describeAction(action: AwsAction): string {
  const [service = "", operation = ""] = action.split(":");
  return `${serviceNames[service] ?? service} ${operation}`;
}
