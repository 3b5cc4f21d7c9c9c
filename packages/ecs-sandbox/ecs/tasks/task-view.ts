import { arnOf } from "../../world.ts";
import { reservationOf } from "../capacity.ts";
import type { Container, Task } from "../model.ts";
import { healthStatusOf } from "./task-health.ts";

/** A task as DescribeTasks shows it. */
export function taskView(task: Task): Record<string, unknown> {
  const { request } = task.definition;
  const onFargate = task.service.launchType === "FARGATE";
  return {
    taskArn: task.arn,
    clusterArn: task.cluster.arn,
    taskDefinitionArn: task.definition.arn,
    capacityProviderName: task.service.capacityProvider,
    containerInstanceArn: instanceArn(task),
    platformVersion: onFargate ? "1.4.0" : undefined,
    platformFamily: onFargate ? "Linux" : undefined,
    ephemeralStorage:
      task.definition.ephemeralStorageGiB === undefined
        ? undefined
        : { sizeInGiB: task.definition.ephemeralStorageGiB },
    availabilityZone: `${regionOf(task)}a`,
    attachments: [],
    attributes: [],
    containers: task.containers.map((container) => containerView(task, container)),
    cpu: request["cpu"] ?? String(reservationOf(task.definition).cpu),
    memory: request["memory"] ?? String(reservationOf(task.definition).memory),
    createdAt: task.createdAt,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: false,
    group: `service:${task.service.name}`,
    healthStatus: healthStatusOf(task),
    lastStatus: task.status,
    launchType: task.service.launchType,
    connectivity: task.status === "PENDING" ? undefined : "CONNECTED",
    connectivityAt: task.startedAt,
    overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [] },
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    startedBy: task.deploymentId,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    stoppingAt: task.stoppingAt,
    stoppedAt: task.stoppedAt,
    executionStoppedAt: task.stoppedAt,
    tags: [],
    version: task.version,
  };
}

function containerView(task: Task, container: Container): Record<string, unknown> {
  const { definition } = container;
  return {
    containerArn: container.arn,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    imageDigest: container.imageDigest,
    runtimeId: container.process ? container.runtimeId : undefined,
    lastStatus: container.status,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: container.bindings.map((binding) => ({
      bindIP: "127.0.0.1",
      containerPort: binding.containerPort,
      hostPort: binding.hostPort,
      protocol: "tcp",
    })),
    networkInterfaces: [],
    healthStatus: container.health,
    cpu: String(definition.cpu),
    memory: definition.memory === undefined ? undefined : String(definition.memory),
    memoryReservation:
      definition.memoryReservation === undefined ? undefined : String(definition.memoryReservation),
  };
}

/** The ARN of the host of a task; undefined on Fargate. */
export function instanceArn(task: Task): string | undefined {
  if (!task.instance) return undefined;
  const [, , , region = "", accountId = ""] = task.arn.split(":");
  const world = { region, accountId, now: () => 0 };
  return arnOf(world, "ecs", `container-instance/${task.cluster.name}/${task.instance.id}`);
}

function regionOf(task: Task): string {
  return task.arn.split(":")[3] ?? "";
}
