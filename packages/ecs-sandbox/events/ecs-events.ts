import { randomUUID } from "node:crypto";
import type { Deployment, Service, Task } from "../ecs/model.ts";
import { taskView } from "../ecs/tasks/task-view.ts";
import type { World } from "../world.ts";

/** Where events go: to the targets of the bus. */
export type EventSink = (event: unknown) => void;

/**
 * `ECS Task State Change`: the task as DescribeTasks shows it, with instants as ISO texts. `version` tells events
 * of one task apart and in order.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
 */
export function taskEvent(world: World, task: Task): unknown {
  const detail = { ...taskView(task), updatedAt: new Date(world.now()) };
  return eventOf(world, "ECS Task State Change", task.arn, detail);
}

const EVENT_NAMES = {
  IN_PROGRESS: "SERVICE_DEPLOYMENT_IN_PROGRESS",
  COMPLETED: "SERVICE_DEPLOYMENT_COMPLETED",
  FAILED: "SERVICE_DEPLOYMENT_FAILED",
} as const;

/**
 * `ECS Deployment State Change`.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
 */
export function deploymentEvent(world: World, service: Service, deployment: Deployment): unknown {
  return eventOf(world, "ECS Deployment State Change", service.arn, {
    eventType: deployment.rolloutState === "FAILED" ? "ERROR" : "INFO",
    eventName: EVENT_NAMES[deployment.rolloutState],
    deploymentId: deployment.id,
    updatedAt: deployment.updatedAt,
    reason: deployment.rolloutStateReason,
  });
}

/**
 * `ECS Service Action`: what ECS did for a service, or could not do.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html
 */
export function serviceActionEvent(
  world: World,
  service: Service,
  { action, createdAt }: Service["events"][number],
): unknown {
  return eventOf(world, "ECS Service Action", service.arn, {
    eventType: action?.eventType,
    eventName: action?.eventName,
    clusterArn: service.cluster.arn,
    createdAt,
    ...(action?.reason === undefined ? {} : { reason: action.reason }),
  });
}

function eventOf(world: World, detailType: string, resource: string, detail: unknown): unknown {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": detailType,
    source: "aws.ecs",
    account: world.accountId,
    // EventBridge gives the time of an event in whole seconds.
    time: new Date(world.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
    region: world.region,
    resources: [resource],
    detail,
  };
}
