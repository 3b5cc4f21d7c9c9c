/** Whether a restart needs one more task before it stops any, and whether there is room for it. Pure. */
import type { Surge } from "../domain/decision.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { healthyFloorOf, servingTasks } from "./serving.ts";

/** `no-room`: the floor lets none of the tasks go, and no task can be added. */
export type SurgeNeed =
  | { readonly kind: "not-needed"; readonly reason: string }
  | { readonly kind: "surge"; readonly surge: Surge }
  | { readonly kind: "no-room"; readonly reason: string };

/**
 * Decides whether the tasks may be stopped as they are. One that serves may go only where as many keep serving as the
 * service's `minimumHealthyPercent` asks for; else one task is added first, within the maximum of autoscaling and of
 * the policy. Throws when the service was not read.
 */
export function surgeFor(
  tasks: readonly { readonly taskArn: string }[],
  evidence: Evidence,
  policy: Policy,
): SurgeNeed {
  const service = factsOf(evidence, "service")[0]?.data;
  if (service === undefined) throw new Error("the state of the service could not be read");
  const serving = servingTasks(evidence);
  const stopped = new Set(tasks.map(({ taskArn }) => taskArn));
  if (!serving.some(({ data }) => stopped.has(data.taskArn))) {
    return { kind: "not-needed", reason: "Only tasks that serve nothing are stopped." };
  }
  const keep = healthyFloorOf(service);
  const left = serving.length - 1;
  if (left >= keep) {
    return { kind: "not-needed", reason: `${counted(left)} serving, at least ${keep} must.` };
  }
  const surge = { from: service.desired, to: service.desired + 1, keep };
  const full =
    service.schedulingStrategy === "DAEMON"
      ? "a DAEMON service takes no desired count, and ECS replaces a task only once it is gone."
      : whyNoRoom(surge.to, evidence, policy);
  if (full === undefined) return { kind: "surge", surge };
  const short = `Stopping a task would leave ${left} serving, below the floor of ${keep} (minimum healthy ${service.minimumHealthyPercent ?? 100} %)`;
  return { kind: "no-room", reason: `${short}, and no task can be added first: ${full}` };
}

function counted(tasks: number): string {
  return tasks === 1 ? "1 task keeps" : `${tasks} tasks keep`;
}

/** Why the desired count may not become `to`, and what to change; undefined where it may. */
export function whyNoRoom(to: number, evidence: Evidence, policy: Policy): string | undefined {
  const { maxTasks } = policy.limits;
  if (!(to <= maxTasks)) {
    return `the policy allows at most ${maxTasks} tasks. Raise limits.maxTasks, or the service's room with minimumHealthyPercent.`;
  }
  if (evidence.gaps.some(({ source }) => source === "scaling")) {
    return "the limits of autoscaling could not be read. Allow application-autoscaling:DescribeScalableTargets.";
  }
  const limits = factsOf(evidence, "scaling-limits")[0]?.data;
  if (limits !== undefined && !(to <= limits.max)) {
    return `autoscaling allows at most ${limits.max} tasks. Raise its MaxCapacity, or lower minimumHealthyPercent.`;
  }
  return undefined;
}
