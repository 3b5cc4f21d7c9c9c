import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";
import { OpsAgentError } from "../../domain/errors.ts";
import type { TargetGroupReading, TargetHealthReading } from "../../domain/reading.ts";
import type { LoadBalancerReader, ReadOptions } from "../../evidence/ports.ts";
import { type AwsAction, describeAction } from "./aws-action.ts";
import { readFailure } from "./aws-error.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { chunks, defined } from "./defined.ts";

const groupsPerCall = 20;

/** Reads Elastic Load Balancing. Target groups that do not exist are left out. */
export function createLoadBalancerReader(clients: AwsClients): LoadBalancerReader {
  async function describe(arns: string[], options?: ReadOptions): Promise<readonly TargetGroup[]> {
    const { sdk, client } = await clients.loadBalancing();
    try {
      const answer = await call("elasticloadbalancing:DescribeTargetGroups", options, (send) =>
        client.send(new sdk.DescribeTargetGroupsCommand({ TargetGroupArns: arns }), send),
      );
      return present("elasticloadbalancing:DescribeTargetGroups", answer.TargetGroups);
    } catch (error) {
      if (!isMissing(error)) throw error;
      // One missing group fails the whole call, so each is read alone.
      if (arns.length === 1) return [];
      return (await Promise.all(arns.map((arn) => describe([arn], options)))).flat();
    }
  }

  return {
    /** Without ARNs AWS would return every target group of the account. */
    async targetGroups(arns, options) {
      const groups: TargetGroupReading[] = [];
      for (const batch of chunks(arns, groupsPerCall)) {
        groups.push(...(await describe(batch, options)).map(toTargetGroupReading));
      }
      return groups;
    },

    async targetHealth(targetGroupArn, options) {
      const { sdk, client } = await clients.loadBalancing();
      const answer = await call("elasticloadbalancing:DescribeTargetHealth", options, (send) =>
        client.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }), send),
      );
      const found = present("elasticloadbalancing:DescribeTargetHealth", answer.TargetHealthDescriptions);
      return found.map(
        ({ Target, TargetHealth }): TargetHealthReading =>
          defined({
            targetGroupArn,
            id: Target?.Id ?? "",
            port: Target?.Port,
            state: TargetHealth?.State ?? "unknown",
            reason: TargetHealth?.Reason,
            description: TargetHealth?.Description,
          }),
      );
    },
  };
}

function toTargetGroupReading(group: TargetGroup): TargetGroupReading {
  const arn = group.TargetGroupArn ?? "";
  return defined({
    arn,
    loadBalancerDimension: balancerOf(group.LoadBalancerArns, "app"),
    networkDimension: balancerOf(group.LoadBalancerArns, "net"),
    targetGroupDimension: resourceOf(arn),
    healthCheckPath: group.HealthCheckPath,
    healthCheckPort: group.HealthCheckPort,
    healthCheckProtocol: group.HealthCheckProtocol,
    healthCheckCodes: group.Matcher?.HttpCode ?? group.Matcher?.GrpcCode,
    healthCheckTimeoutSeconds: group.HealthCheckTimeoutSeconds,
  });
}

/** Returns `app/name/id`, or `net/name/id`; undefined where the load balancer is of another kind. */
function balancerOf(arns: readonly string[] | undefined, kind: "app" | "net"): string | undefined {
  const [arn] = arns ?? [];
  const name = arn && resourceOf(arn).replace(/^loadbalancer\//, "");
  return name?.startsWith(`${kind}/`) ? name : undefined;
}

function resourceOf(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** The vendor's client reads a proxy's web page as an empty answer. AWS itself always includes the list. */
function present<T>(action: AwsAction, list: readonly T[] | undefined): readonly T[] {
  if (list !== undefined) return list;
  throw new OpsAgentError({
    code: "aws-failed",
    message: `${describeAction(action)} failed with an answer without content`,
    remedy: "The answer is not AWS's: check the endpoint, and any proxy or gateway on the way to it.",
    retryable: true,
  });
}

/** The vendor's client names the error with or without "Exception", as the answer does. */
function isMissing(error: unknown): boolean {
  return error instanceof OpsAgentError && readFailure(error.cause).code.startsWith("TargetGroupNotFound");
}
