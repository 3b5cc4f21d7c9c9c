import type { PullProblem } from "./images.ts";

/**
 * Service events and stop reasons, worded as ECS words them.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */

/** `has started 2 tasks: (task a) (task b).` */
export function startedTasks(service: string, taskIds: readonly string[]): string {
  return `(service ${service}) has started ${taskIds.length} tasks: ${listTasks(taskIds)}.`;
}

/** `has stopped 1 running tasks: (task a).` */
export function stoppedTasks(service: string, taskIds: readonly string[]): string {
  return `(service ${service}) has stopped ${taskIds.length} running tasks: ${listTasks(taskIds)}.`;
}

export function registeredTargets(service: string, count: number, targetGroupArn: string): string {
  return `(service ${service}) registered ${count} targets in (target-group ${targetGroupArn})`;
}

export function deregisteredTargets(service: string, count: number, targetGroupArn: string): string {
  return `(service ${service}) deregistered ${count} targets in (target-group ${targetGroupArn})`;
}

export function steadyState(service: string): string {
  return `(service ${service}) has reached a steady state.`;
}

export function deploymentCompleted(service: string, deploymentId: string): string {
  return `(service ${service}) (deployment ${deploymentId}) deployment completed.`;
}

export function deploymentFailed(service: string, deploymentId: string): string {
  return `(service ${service}) (deployment ${deploymentId}) deployment failed: tasks failed to start.`;
}

export function rollingBack(service: string, deploymentId: string): string {
  return `(service ${service}) rolling back to deployment ${deploymentId}.`;
}

export function unableToStartConsistently(service: string): string {
  return `(service ${service}) is unable to consistently start tasks successfully. ${troubleshooting}`;
}

/** `(task a) (port 8080) is unhealthy in (target-group arn) due to (reason Request timed out)` */
export function unhealthyTarget(
  service: string,
  target: { readonly taskId: string; readonly port: number; readonly targetGroupArn: string },
  reason: string,
): string {
  const where = `(service ${service}) (task ${target.taskId}) (port ${target.port})`;
  return `${where} is unhealthy in (target-group ${target.targetGroupArn}) due to (reason ${reason})`;
}

export function unhealthyContainer(service: string, taskId: string): string {
  return `(service ${service}) (task ${taskId}) failed container health checks.`;
}

export function failedElbHealthChecks(targetGroupArn: string): string {
  return `Task failed ELB health checks in (target-group ${targetGroupArn})`;
}

export const failedContainerHealthChecks = "Task failed container health checks";
export const essentialContainerExited = "Essential container in task exited";
/** A container that another one waits for did not do what it is waited for. */
export const failedToStart = "Task failed to start";
export const stoppedByUser = "Task stopped by user";
export const outOfMemory = "OutOfMemoryError: Container killed due to memory usage";

export function scalingActivity(deploymentId: string): string {
  return `Scaling activity initiated by (deployment ${deploymentId})`;
}

const troubleshooting =
  "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

export function noInstanceFits(service: string, instanceId: string, detail: string): string {
  return (
    `(service ${service}) was unable to place a task because no container instance met all of its requirements. ` +
    `The closest matching (container-instance ${instanceId}) ${detail}. ${troubleshooting}`
  );
}

export function noContainerInstance(service: string): string {
  return (
    `(service ${service}) was unable to place a task because no container instance met all of its requirements. ` +
    `Reason: No Container Instances were found in your cluster. ${troubleshooting}`
  );
}

/** `was unable to place a task. Reason: Capacity is unavailable at this time. ...`, as Fargate services say it. */
export function unableToPlace(service: string, reason: string): string {
  return `(service ${service}) was unable to place a task. Reason: ${reason}.`;
}

export const capacityUnavailable =
  "Capacity is unavailable at this time. Please try again later or in a different availability zone";
export const taskLimitReached = "You've reached the limit on the number of tasks you can run concurrently";

/** Why an image could not be pulled. `account` and `region` are those of the registry. */
export function cannotPullContainer(
  image: string,
  problem: PullProblem,
  registry: { readonly region: string; readonly accountId: string },
): string {
  const repository = image.split(":")[0] ?? image;
  const from = `${registry.accountId}.dkr.ecr.${registry.region}.amazonaws.com`;
  if (problem === "forbidden") {
    const [, tag = ""] = image.split(":");
    return (
      `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ` +
      `unexpected status from HEAD request to https://${repository.replace("/", "/v2/")}/manifests/${tag}: 403 Forbidden`
    );
  }
  const words: Readonly<Record<Exclude<PullProblem, "forbidden">, string>> = {
    "not-found": `manifest for ${image} not found: manifest unknown: Requested image not found`,
    "access-denied":
      `pull access denied for ${from}/${repository}, repository does not exist or may require 'docker login': ` +
      `denied: User: arn:aws:sts::${registry.accountId}:assumed-role/ecsTaskExecutionRole/4f7c1d0e9b2a is not ` +
      "authorized to perform: ecr:BatchGetImage on resource: " +
      `arn:aws:ecr:${registry.region}:${registry.accountId}:repository/${repository} ` +
      "because no identity-based policy allows the ecr:BatchGetImage action",
    timeout:
      `Get "https://${from}/v2/": net/http: request canceled while waiting for connection ` +
      "(Client.Timeout exceeded while awaiting headers)",
    "no-space": "write /var/lib/docker/tmp/GetImageBlob310882: no space left on device",
  };
  return `CannotPullContainerError: Error response from daemon: ${words[problem]}`;
}

/** A secret of the task could not be read, so that none of its containers was started. */
export function cannotInitialize(detail: string): string {
  return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: ${detail}`;
}

export function cannotStartContainer(detail: string): string {
  return `CannotStartContainerError: Error response from daemon: failed to create shim task: ${detail}`;
}

function listTasks(taskIds: readonly string[]): string {
  return taskIds.map((id) => `(task ${id})`).join(" ");
}
