import type { Deployment, Service } from "@aws-sdk/client-ecs";
import type { DeploymentReading, ServiceReading } from "../../domain/reading.ts";
import { defined, isoTime } from "./defined.ts";

/** Converts ECS's description of a service. */
export function toServiceReading(service: Service): ServiceReading {
  const configuration = service.deploymentConfiguration;
  const breaker = configuration?.deploymentCircuitBreaker;
  // Services with an external deployment controller have these in their task sets.
  const primary = service.taskSets?.find((set) => set.status === "PRIMARY");
  return defined({
    arn: service.serviceArn ?? "",
    status: service.status ?? "UNKNOWN",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    taskDefinition: service.taskDefinition ?? primary?.taskDefinition ?? "",
    controller: service.deploymentController?.type ?? "ECS",
    healthCheckGraceSeconds: service.healthCheckGracePeriodSeconds,
    minimumHealthyPercent: configuration?.minimumHealthyPercent,
    maximumPercent: configuration?.maximumPercent,
    circuitBreaker: breaker && { enabled: breaker.enable ?? false, rollback: breaker.rollback ?? false },
    deployments: (service.deployments ?? []).map(toDeploymentReading),
    events: (service.events ?? []).flatMap(({ createdAt, message }) => {
      const at = isoTime(createdAt);
      return at && message ? [{ at, message }] : [];
    }),
    targetGroupArns: targetGroupArns(service.loadBalancers ?? primary?.loadBalancers ?? []),
  });
}

function toDeploymentReading(deployment: Deployment): DeploymentReading {
  return defined({
    id: deployment.id ?? "",
    status: deployment.status ?? "UNKNOWN",
    rolloutState: deployment.rolloutState,
    rolloutReason: deployment.rolloutStateReason,
    taskDefinition: deployment.taskDefinition ?? "",
    desired: deployment.desiredCount ?? 0,
    running: deployment.runningCount ?? 0,
    pending: deployment.pendingCount ?? 0,
    failedTasks: deployment.failedTasks ?? 0,
    createdAt: isoTime(deployment.createdAt),
    updatedAt: isoTime(deployment.updatedAt),
  });
}

function targetGroupArns(balancers: NonNullable<Service["loadBalancers"]>): string[] {
  return [...new Set(balancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []))];
}
