/** Read-only looks that find out whether a call without a clear answer took effect. */
import type { ActionStep } from "../../domain/incident/incident.ts";
import type { Target } from "../../domain/target.ts";
import type { EcsReader, ReadOptions } from "../../evidence/ports.ts";
import { sameDefinition } from "../rollback-plan.ts";

type Found = ActionStep["outcome"];

/** ECS keeps the reason of StopTask in the task, which tells our stop from anybody else's. */
export async function reconcileStop(
  ecs: EcsReader,
  target: Target,
  taskArn: string,
  reason: string,
  options: ReadOptions,
): Promise<Found> {
  const task = await readOrNothing(() => ecs.task(target, taskArn, options));
  if (task === undefined) return "unknown";
  if (task.stoppedReason?.includes(reason)) return "done";
  return task.lastStatus === "RUNNING" && task.desiredStatus === "RUNNING" ? "refused" : "unknown";
}

/** The desired count tells, unless somebody else changed it meanwhile. */
export async function reconcileScale(
  ecs: EcsReader,
  target: Target,
  from: number,
  to: number,
  options: ReadOptions,
): Promise<Found> {
  const service = await readOrNothing(() => ecs.service(target, options));
  if (service === undefined) return "unknown";
  if (service.desired === to) return "done";
  return service.desired === from ? "refused" : "unknown";
}

async function readOrNothing<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** The running definition tells: the planned one, or still the old one with no deployment running. */
export async function reconcileRollback(
  ecs: EcsReader,
  target: Target,
  plan: { readonly from: string; readonly to: string },
  options: ReadOptions,
): Promise<Found> {
  const service = await readOrNothing(() => ecs.service(target, options));
  const primary = service?.deployments.find((one) => one.status === "PRIMARY");
  if (primary === undefined) return "unknown";
  if (sameDefinition(primary.taskDefinition, plan.to)) return "done";
  return sameDefinition(primary.taskDefinition, plan.from) ? "refused" : "unknown";
}
