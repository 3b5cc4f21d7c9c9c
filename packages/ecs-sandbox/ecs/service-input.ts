import {
  type Input,
  invalid,
  readFlag,
  readNumber,
  readObject,
  readObjects,
  readText,
  readTexts,
  requireText,
} from "../wire/input.ts";
import type { DeploymentConfiguration, DeploymentHook } from "./deployment-model.ts";
import type { ServiceLoadBalancer } from "./model.ts";

/** The deployment configuration of a request over the one there was. Defaults as in ECS: 100 and 200 percent. */
export function readDeploymentConfiguration(
  input: Input,
  before?: DeploymentConfiguration,
): DeploymentConfiguration {
  const given = readObject(input, "deploymentConfiguration");
  const breaker = readObject(given, "deploymentCircuitBreaker");
  const strategy =
    strategies.find((one) => one === readText(given, "strategy")) ?? before?.strategy ?? "ROLLING";
  const canary = readObject(given, "canaryConfiguration");
  const linear = readObject(given, "linearConfiguration");
  return {
    strategy,
    bakeTimeInMinutes: readNumber(given, "bakeTimeInMinutes") ?? before?.bakeTimeInMinutes,
    ...(strategy === "CANARY" && {
      canary: {
        canaryPercent: readNumber(canary, "canaryPercent") ?? before?.canary?.canaryPercent ?? 5,
        canaryBakeTimeInMinutes:
          readNumber(canary, "canaryBakeTimeInMinutes") ?? before?.canary?.canaryBakeTimeInMinutes ?? 10,
      },
    }),
    ...(strategy === "LINEAR" && {
      linear: {
        stepPercent: readNumber(linear, "stepPercent") ?? before?.linear?.stepPercent ?? 10,
        stepBakeTimeInMinutes:
          readNumber(linear, "stepBakeTimeInMinutes") ?? before?.linear?.stepBakeTimeInMinutes ?? 6,
      },
    }),
    hooks:
      given["lifecycleHooks"] === undefined
        ? (before?.hooks ?? [])
        : readObjects(given, "lifecycleHooks").map(readHook),
    minimumHealthyPercent: readNumber(given, "minimumHealthyPercent") ?? before?.minimumHealthyPercent ?? 100,
    maximumPercent: readNumber(given, "maximumPercent") ?? before?.maximumPercent ?? 200,
    circuitBreaker: {
      enable: readFlag(breaker, "enable") ?? before?.circuitBreaker.enable ?? false,
      rollback: readFlag(breaker, "rollback") ?? before?.circuitBreaker.rollback ?? false,
    },
  };
}

const strategies: readonly DeploymentConfiguration["strategy"][] = [
  "ROLLING",
  "BLUE_GREEN",
  "LINEAR",
  "CANARY",
];

/** Defaults as in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentLifecycleHookTimeoutConfiguration.html */
function readHook(input: Input): DeploymentHook {
  const timeout = readObject(input, "timeoutConfiguration");
  return {
    targetType: readText(input, "targetType") === "PAUSE" ? "PAUSE" : "AWS_LAMBDA",
    hookTargetArn: readText(input, "hookTargetArn"),
    roleArn: readText(input, "roleArn"),
    lifecycleStages: readTexts(input, "lifecycleStages"),
    timeoutConfiguration: {
      timeoutInMinutes: readNumber(timeout, "timeoutInMinutes") ?? 1440,
      action: readText(timeout, "action") === "CONTINUE" ? "CONTINUE" : "ROLLBACK",
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
      ...readAlternate(readObject(balancer, "advancedConfiguration")),
    };
  });
}

function readAlternate(input: Input): Pick<ServiceLoadBalancer, "advancedConfiguration"> {
  const alternateTargetGroupArn = readText(input, "alternateTargetGroupArn");
  if (alternateTargetGroupArn === undefined) return {};
  return {
    advancedConfiguration: {
      alternateTargetGroupArn,
      productionListenerRule: readText(input, "productionListenerRule"),
      testListenerRule: readText(input, "testListenerRule"),
      roleArn: readText(input, "roleArn"),
    },
  };
}

/** A desired count, undefined when the request has none. */
export function readDesiredCount(input: Input): number | undefined {
  const count = readNumber(input, "desiredCount");
  if (count !== undefined && (!Number.isInteger(count) || count < 0)) {
    throw invalid("desiredCount must be a non-negative integer.");
  }
  return count;
}
