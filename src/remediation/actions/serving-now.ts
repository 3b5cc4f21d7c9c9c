/** Reads which tasks of a service serve at this moment. */
import type { TargetHealthReading, TaskReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { isBehind } from "../../evidence/facts/target-facts.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";

export interface ServingNow {
  readonly desired: number;
  readonly running: number;
  readonly pending: number;
  readonly minimumHealthyPercent?: number | undefined;
  readonly schedulingStrategy?: string | undefined;
  /** Tasks that serve now. */
  readonly serving: number;
  /** How many serve when this one is stopped. */
  without(taskArn: string): number;
}

/**
 * Reads it from ECS and the load balancer: a task serves when it runs, is meant to, passes its containers' health
 * checks and is healthy in every target group. Throws when a read fails or the service does not exist.
 */
export async function readServing(
  target: Target,
  deps: Pick<WorkflowDependencies, "readers" | "policy">,
): Promise<ServingNow> {
  const { ecs, loadBalancers } = deps.readers;
  const options = readTimeout(deps);
  const [service, tasks] = await Promise.all([ecs.service(target, options), ecs.tasks(target, options)]);
  if (service === undefined) throw new Error("the service could not be found");
  const read = service.targetGroupArns.map((arn) => loadBalancers.targetHealth(arn, options));
  const groups = (await Promise.all(read)).filter((targets) => targets.length > 0);
  const unreachable = service.targetGroupArns.length > 0 && groups.length === 0;
  const well = unreachable ? [] : wellTasks(tasks.running);
  const [byTask, byCount] = [groups.filter(isMapped), groups.filter((group) => !isMapped(group))];
  const serving = well.filter((task) => byTask.every((targets) => isHealthyIn(task, targets)));
  const most = Math.min(...byCount.map((targets) => targets.filter(isHealthy).length));
  const { desired, running, pending, minimumHealthyPercent, schedulingStrategy } = service;
  const now = Math.min(serving.length, most);
  return {
    desired,
    running,
    pending,
    minimumHealthyPercent,
    schedulingStrategy,
    serving: now,
    // Where targets do not tell whose they are, the stopped task counts as a healthy one.
    without: (arn) =>
      serving.some((task) => task.arn === arn) ? Math.min(serving.length - 1, most - 1) : now,
  };

  function isMapped(targets: readonly TargetHealthReading[]): boolean {
    return targets.some((one) => tasks.running.some((task) => isBehind(task, one)));
  }
}

/** Where one task has a health check that passes, those of unknown health have not passed theirs yet. */
function wellTasks(running: readonly TaskReading[]): TaskReading[] {
  const checked = running.some(({ health }) => health === "HEALTHY");
  return running.filter(
    ({ lastStatus, desiredStatus, health }) =>
      lastStatus === "RUNNING" &&
      desiredStatus === "RUNNING" &&
      (checked ? health === "HEALTHY" : health !== "UNHEALTHY"),
  );
}

function isHealthyIn(task: TaskReading, targets: readonly TargetHealthReading[]): boolean {
  const own = targets.filter((target) => isBehind(task, target) && target.state !== "draining");
  return own.length > 0 && own.every(isHealthy);
}

function isHealthy({ state }: TargetHealthReading): boolean {
  return state === "healthy";
}
