/** Compares the service with what was judged, immediately before a call. */
import type { Plan } from "../../domain/decision.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import type { ServiceReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { shortDefinition } from "../../evidence/facts/definition-name.ts";
import { isInProgress } from "../../evidence/facts/service-facts.ts";
import type { EcsReader, ReadOptions } from "../../evidence/ports.ts";
import { sameDefinition } from "../rollback-plan.ts";

/** Returns what changed about a task that is to be stopped, or about its service since the evidence was read. */
export async function whatChangedOfTask(
  ecs: EcsReader,
  target: Target,
  taskArn: string,
  judged: Evidence,
  options: ReadOptions,
): Promise<string | undefined> {
  const [task, service] = await Promise.all([
    ecs.task(target, taskArn, options),
    ecs.service(target, options),
  ]);
  if (task?.lastStatus !== "RUNNING" || task.desiredStatus !== "RUNNING")
    return "the task is no longer running";
  const known = factsOf(judged, "running-task").find(({ data }) => data.taskArn === taskArn);
  if (known !== undefined && shortDefinition(task.taskDefinition) !== known.data.taskDefinition) {
    return `the task runs ${shortDefinition(task.taskDefinition)}, not ${known.data.taskDefinition}`;
  }
  return whatChangedOfService(service, judged);
}

/** Returns what changed about the desired count that is to be set. `judged` where the service's revision counts, too. */
export async function whatChangedOfCount(
  ecs: EcsReader,
  target: Target,
  from: number,
  judged: Evidence | undefined,
  options: ReadOptions,
): Promise<string | undefined> {
  const service = await ecs.service(target, options);
  if (service?.desired !== from) {
    return service === undefined
      ? "the service is gone"
      : `the desired count became ${service.desired}, it was ${from}`;
  }
  if (isShifting(service)) return "a deployment shifts traffic between revisions";
  return judged === undefined ? undefined : whatChangedOfService(service, judged);
}

/** Another count would reach into the shift: ECS keeps both revisions until it is over. */
function isShifting({ strategy = "ROLLING", deployments, taskSets = [] }: ServiceReading): boolean {
  if (taskSets.length > 1) return true;
  return strategy !== "ROLLING" && deployments.some((one) => isInProgress(one, deployments.length));
}

/** Returns what changed about a deployment that is to be rolled back. */
export async function whatChangedOfDeployment(
  ecs: EcsReader,
  target: Target,
  plan: Extract<Plan, { action: "rollback" }>,
  options: ReadOptions,
): Promise<string | undefined> {
  const service = await ecs.service(target, options);
  if (service === undefined) return "the service is gone";
  const primary = service.deployments.find((one) => one.status === "PRIMARY");
  if (primary === undefined || !sameDefinition(primary.taskDefinition, plan.from)) {
    return `the service went over to ${primary?.taskDefinition ?? "another task definition"}`;
  }
  // One that is watched by alarms goes on after its last task was replaced.
  const watched = plan.how === "stop-deployment" && primary.rolloutState === "IN_PROGRESS";
  const rolling = watched || isInProgress(primary, service.deployments.length);
  if (plan.how === "stop-deployment" && !rolling) return "the deployment has ended";
  return plan.how === "update-service" && rolling ? "a deployment has begun" : undefined;
}

/** A deployment that began since has another id, also where it deploys the same task definition. */
function whatChangedOfService(service: ServiceReading | undefined, judged: Evidence): string | undefined {
  if (service === undefined) return "the service is gone";
  const before = factsOf(judged, "deployment").find(({ data }) => data.status === "PRIMARY")?.data;
  const primary = service.deployments.find(({ status }) => status === "PRIMARY");
  if (before === undefined || primary === undefined) return "which deployment runs is not known any more";
  if (primary.id === before.id) return undefined;
  return `a deployment of ${shortDefinition(primary.taskDefinition)} has begun`;
}
