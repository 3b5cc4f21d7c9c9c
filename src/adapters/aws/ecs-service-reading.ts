import type { Deployment, Service, TaskSet } from "@aws-sdk/client-ecs";
import type { DeploymentReading, ServiceReading } from "../../domain/reading.ts";
import { defined, isoTime } from "./defined.ts";
import { targetGroupArns, toServiceShape } from "./service-shape-reading.ts";

/** Converts ECS's description of a service. */
export function toServiceReading(service: Service): ServiceReading {
  const configuration = service.deploymentConfiguration;
  const breaker = configuration?.deploymentCircuitBreaker;
  const threshold = breaker?.thresholdConfiguration;
  const sets = service.taskSets ?? [];
  // Services with another controller have these in their task sets.
  const primary = sets.find((set) => set.status === "PRIMARY");
  const deployments = service.deployments?.length
    ? service.deployments.map(toDeploymentReading)
    : sets.map(taskSetAsDeployment);
  return defined({
    arn: service.serviceArn ?? "",
    status: service.status ?? "UNKNOWN",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    taskDefinition: primary?.taskDefinition ?? service.taskDefinition ?? "",
    controller: service.deploymentController?.type ?? "ECS",
    healthCheckGraceSeconds: service.healthCheckGracePeriodSeconds,
    minimumHealthyPercent: configuration?.minimumHealthyPercent,
    maximumPercent: configuration?.maximumPercent,
    circuitBreaker:
      breaker &&
      defined({
        enabled: breaker.enable ?? false,
        rollback: breaker.rollback ?? false,
        threshold:
          threshold?.value === undefined
            ? undefined
            : `${threshold.value}${threshold.type === "COUNT" ? " tasks" : " %"}`,
      }),
    deployments,
    events: (service.events ?? []).flatMap(({ createdAt, message }) => {
      const at = isoTime(createdAt);
      return at && message ? [{ at, message }] : [];
    }),
    targetGroupArns: targetGroupArns(service),
    ...toServiceShape(service),
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

/** A task set says of its revision what a deployment says; ECS counts no failed tasks of it. */
function taskSetAsDeployment(set: TaskSet): DeploymentReading {
  return defined({
    id: set.id ?? "",
    status: set.status ?? "UNKNOWN",
    taskDefinition: set.taskDefinition ?? "",
    desired: set.computedDesiredCount ?? 0,
    running: set.runningCount ?? 0,
    pending: set.pendingCount ?? 0,
    failedTasks: 0,
    createdAt: isoTime(set.createdAt),
    updatedAt: isoTime(set.updatedAt),
  });
}
