import {
  type Input,
  invalid,
  readFlag,
  readNumber,
  readObject,
  readObjects,
  requireText,
} from "../wire/input.ts";
import type { DeploymentConfiguration, ServiceLoadBalancer } from "./model.ts";

/** The deployment configuration of a request over the one there was. Defaults as in ECS: 100 and 200 percent. */
export function readDeploymentConfiguration(
  input: Input,
  before?: DeploymentConfiguration,
): DeploymentConfiguration {
  const given = readObject(input, "deploymentConfiguration");
  const breaker = readObject(given, "deploymentCircuitBreaker");
  return {
    minimumHealthyPercent: readNumber(given, "minimumHealthyPercent") ?? before?.minimumHealthyPercent ?? 100,
    maximumPercent: readNumber(given, "maximumPercent") ?? before?.maximumPercent ?? 200,
    circuitBreaker: {
      enable: readFlag(breaker, "enable") ?? before?.circuitBreaker.enable ?? false,
      rollback: readFlag(breaker, "rollback") ?? before?.circuitBreaker.rollback ?? false,
    },
  };
}

/** The target groups that a service registers its tasks in. */
export function readLoadBalancers(input: Input): ServiceLoadBalancer[] {
  return readObjects(input, "loadBalancers").map((balancer) => {
    const containerPort = readNumber(balancer, "containerPort");
    if (containerPort === undefined) throw invalid("containerPort is required for a load balancer.");
    return {
      targetGroupArn: requireText(balancer, "targetGroupArn"),
      containerName: requireText(balancer, "containerName"),
      containerPort,
    };
  });
}

/** A desired count, undefined when the request has none. */
export function readDesiredCount(input: Input): number | undefined {
  const count = readNumber(input, "desiredCount");
  if (count !== undefined && (!Number.isInteger(count) || count < 0)) {
    throw invalid("desiredCount must be a non-negative integer.");
  }
  return count;
}
