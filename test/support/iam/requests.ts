/** What AWS authorises a call against: the action and the resource, read from the call's own input. */
import type { IamRequest } from "./evaluate.ts";
import type { RecordedCall } from "./recorded-calls.ts";
import { ACCOUNT, REGION } from "./template-roles.ts";

/** IAM's prefixes, where the sandbox calls the service otherwise. */
const PREFIXES: Readonly<Record<string, string>> = {
  ecs: "ecs",
  cloudwatch: "cloudwatch",
  monitoring: "cloudwatch",
  logs: "logs",
  elasticloadbalancing: "elasticloadbalancing",
  elbv2: "elasticloadbalancing",
  "application-autoscaling": "application-autoscaling",
  CloudTrail_20131101: "cloudtrail",
  sts: "sts",
};

/** An ARN of the sandbox, moved into the account and the cluster of the test. */
function moved(arn: unknown, from: string, to: string): string {
  return String(arn)
    .replace(/^(arn:aws:\w+):[^:]*:[^:]*:/, `$1:${REGION}:${ACCOUNT}:`)
    .replace(new RegExp(`^(arn:aws:ecs:[^:]*:[^:]*:[\\w-]+)/${from}/`), `$1/${to}/`);
}

/**
 * The requests that one recorded call needs to be allowed, with the sandbox's account and cluster replaced by the
 * test's. Throws for a service or an ECS call that it does not know. Resource types:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export function requestsOf(
  { service, operation, input }: RecordedCall,
  cluster: string,
): readonly IamRequest[] {
  const prefix = PREFIXES[service];
  if (prefix === undefined) throw new Error(`The service ${service} (${operation}) has no IAM prefix here.`);
  const action = `${prefix}:${operation}`;
  const from = String(input["cluster"] ?? "").replace(/^.*\//, "") || "[\\w-]+";
  const ecs = (resource: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
  const context = { "ecs:cluster": ecs(`cluster/${cluster}`) };
  const about = (resources: readonly string[]) =>
    resources.map((resource) => ({ action, resource, context }));
  const arns = (key: string) => ((input[key] ?? []) as unknown[]).map((arn) => moved(arn, from, cluster));
  const named = (name: unknown) => ecs(`service/${cluster}/${String(name).replace(/^.*\//, "")}`);

  if (prefix === "logs") {
    return [{ action, resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${input["logGroupName"]}:*` }];
  }
  if (prefix !== "ecs") return [{ action, resource: "*" }];
  switch (operation) {
    case "DescribeServices":
      return about((input["services"] as unknown[]).map(named));
    case "UpdateService":
    case "ListServiceDeployments":
      return about([named(input["service"])]);
    case "DescribeTasks":
      return about(arns("tasks"));
    case "StopTask":
      return about([moved(input["task"], from, cluster)]);
    case "DescribeServiceDeployments":
      return about(arns("serviceDeploymentArns"));
    case "DescribeServiceRevisions":
      return about(arns("serviceRevisionArns"));
    case "StopServiceDeployment":
      return about([moved(input["serviceDeploymentArn"], from, cluster)]);
    case "ListTasks":
    case "DescribeTaskDefinition":
      return about(["*"]);
    default:
      throw new Error(`What ${action} is authorised against is not written down here.`);
  }
}
