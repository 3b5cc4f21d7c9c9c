/** Which tasks serve, and how many must: what a restart may take away. Pure. */
import { type Evidence, type FactOf, factsOf } from "../domain/evidence.ts";

/** AWS's default. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
const DEFAULT_MINIMUM_HEALTHY_PERCENT = 100;
/** The same for a DAEMON service, of which no second task fits on an instance. */
const DAEMON_MINIMUM_HEALTHY_PERCENT = 0;

/** Returns the tasks that must serve at every moment, from the service's own `minimumHealthyPercent`, rounded up. */
export function healthyFloorOf(service: {
  readonly desired: number;
  readonly minimumHealthyPercent?: number | undefined;
  readonly schedulingStrategy?: string | undefined;
}): number {
  const usual =
    service.schedulingStrategy === "DAEMON"
      ? DAEMON_MINIMUM_HEALTHY_PERCENT
      : DEFAULT_MINIMUM_HEALTHY_PERCENT;
  const percent = service.minimumHealthyPercent ?? usual;
  return Math.ceil((service.desired * percent) / 100);
}

/** Returns true when the task runs, its containers are not unhealthy, and no target of it is anything but healthy. */
export function isServing(task: FactOf<"running-task">, evidence: Evidence): boolean {
  const unhealthyTarget = factsOf(evidence, "target-health").some(
    (fact) => fact.data.taskId === task.data.taskId && fact.data.state !== "healthy",
  );
  return task.data.lastStatus === "RUNNING" && task.data.health !== "UNHEALTHY" && !unhealthyTarget;
}

/** Returns the tasks that serve now, each once. */
export function servingTasks(evidence: Evidence): FactOf<"running-task">[] {
  const serving = factsOf(evidence, "running-task").filter((task) => isServing(task, evidence));
  return [...new Map(serving.map((task) => [task.data.taskArn, task])).values()];
}
