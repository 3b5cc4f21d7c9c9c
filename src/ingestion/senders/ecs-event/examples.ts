import type { Example } from "../../sender.ts";

const event = (type: string, detail: Readonly<Record<string, unknown>>) => ({
  version: "0",
  id: "ddca6449-b258-46c0-8653-e0e3aa1b2c3d",
  "detail-type": type,
  source: "aws.ecs",
  account: "123456789012",
  time: "2026-11-23T07:00:00Z",
  region: "eu-central-1",
  resources: ["arn:aws:ecs:eu-central-1:123456789012:service/production/shop"],
  detail,
});

const taskStopped = (detail: Readonly<Record<string, unknown>>) => {
  const taskArn = "arn:aws:ecs:eu-central-1:123456789012:task/production/0b1c2d3e4f5061728394a5b6c7d8e9f0";
  return {
    ...event("ECS Task State Change", {
      taskArn,
      clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/production",
      group: "service:shop",
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      ...detail,
    }),
    resources: [taskArn],
  };
};

export const examples: readonly Example[] = [
  {
    title: "A deployment failed (of a service with a circuit breaker)",
    event: event("ECS Deployment State Change", {
      eventType: "ERROR",
      eventName: "SERVICE_DEPLOYMENT_FAILED",
      deploymentId: "ecs-svc/4827393902375638291",
      updatedAt: "2026-11-23T06:59:58Z",
      reason: "ECS deployment circuit breaker: tasks failed to start.",
    }),
  },
  {
    title: "Tasks do not start",
    event: event("ECS Service Action", {
      eventType: "WARN",
      eventName: "SERVICE_TASK_START_IMPAIRED",
      clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/production",
      createdAt: "2026-11-23T06:59:58.000Z",
    }),
  },
  {
    title: "Tasks cannot be placed",
    event: event("ECS Service Action", {
      eventType: "ERROR",
      eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
      clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/production",
      reason: "RESOURCE:MEMORY",
      createdAt: "2026-11-23T06:59:58.000Z",
    }),
  },
  {
    title: "Another event of a service whose own type is ERROR",
    event: event("ECS Service Action", {
      eventType: "ERROR",
      eventName: "SERVICE_TASK_CONFIGURATION_FAILURE",
      clusterArn: "arn:aws:ecs:eu-central-1:123456789012:cluster/production",
      reason: "The role provided cannot be assumed",
      createdAt: "2026-11-23T06:59:58.000Z",
    }),
  },
  {
    title: "A task was stopped for lack of memory",
    event: taskStopped({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [
        { name: "shop", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
      ],
    }),
  },
  {
    title: "A task ended by itself",
    event: taskStopped({
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      containers: [{ name: "shop", exitCode: 1 }],
    }),
  },
  {
    title: "Noted, not acted on: a task that a deployment or scale-in stopped",
    event: taskStopped({
      stopCode: "ServiceSchedulerInitiated",
      stoppedReason: "Scaling activity initiated by (deployment ecs-svc/4827393902375638291)",
      containers: [{ name: "shop", exitCode: 143 }],
    }),
  },
];
