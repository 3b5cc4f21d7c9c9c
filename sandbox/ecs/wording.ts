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
  return (
    `(service ${service}) is unable to consistently start tasks successfully. ` +
    "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
  );
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
export const stoppedByUser = "Task stopped by user";
export const outOfMemory = "OutOfMemoryError: Container killed due to memory usage";

export function scalingActivity(deploymentId: string): string {
  return `Scaling activity initiated by (deployment ${deploymentId})`;
}

export function cannotPullContainer(image: string): string {
  return (
    `CannotPullContainerError: Error response from daemon: manifest for ${image} not found: ` +
    "manifest unknown: Requested image not found"
  );
}

export function cannotStartContainer(detail: string): string {
  return `CannotStartContainerError: Error response from daemon: failed to create shim task: ${detail}`;
}

function listTasks(taskIds: readonly string[]): string {
  return taskIds.map((id) => `(task ${id})`).join(" ");
}
