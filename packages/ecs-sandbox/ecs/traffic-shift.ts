import { hexId } from "../world.ts";
import type { DeploymentConfiguration, LifecycleStage, TrafficShift } from "./deployment-model.ts";
import type { Deployment, Service, ServiceLoadBalancer } from "./model.ts";
import { primaryOf } from "./state.ts";
import { targetGroupOf } from "./tasks/task-health.ts";

/**
 * The stages of a deployment that shifts traffic.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export const stages: readonly LifecycleStage[] = [
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
];

/** A minute of a bake, a step or a hook is a second here. */
const minuteMs = 1000;

/** The first stage, with no traffic on the new revision. `now` is epoch milliseconds. */
export function beginShift(now: number): TrafficShift {
  return { stage: "PRE_SCALE_UP", since: now, weight: 0, weighedAt: now, hooks: [] };
}

/** Whether a deployment is shifting: both of its revisions keep all of their tasks. */
export function isShifting({ shift, rolloutState, rollbackOf }: Deployment): boolean {
  return (
    shift !== undefined &&
    shift.stage !== "CLEAN_UP" &&
    rolloutState === "IN_PROGRESS" &&
    rollbackOf === undefined
  );
}

/**
 * Moves a shift on by what is due: hooks of the stage, the weights of its strategy, the bake. Returns `rollback` when a
 * hook asks for it. `isScaledUp` says whether all tasks of the new revision are healthy.
 */
export function advanceShift(
  shift: TrafficShift,
  configuration: DeploymentConfiguration,
  isScaledUp: boolean,
  now: number,
): "goes-on" | "rollback" {
  startHooks(shift, configuration, now);
  const answer = runHooks(shift, now);
  if (answer !== "done") return answer;
  if (!isStageDone(shift, configuration, isScaledUp, now)) return "goes-on";
  const next = stages[stages.indexOf(shift.stage) + 1];
  if (next === undefined) return "goes-on";
  shift.stage = next;
  shift.since = now;
  startHooks(shift, configuration, now);
  return "goes-on";
}

/** Starts the hooks of the stage that have not been started. Functions are not called: they succeed. */
function startHooks(shift: TrafficShift, { hooks }: DeploymentConfiguration, now: number): void {
  for (const hook of hooks) {
    if (!hook.lifecycleStages.includes(shift.stage)) continue;
    const known = shift.hooks.find((run) => run.hook === hook && run.stage === shift.stage);
    if (known) continue;
    shift.hooks.push({
      id: hexId(32),
      hook,
      stage: shift.stage,
      expiresAt: new Date(now + hook.timeoutConfiguration.timeoutInMinutes * minuteMs),
      status: hook.targetType === "PAUSE" ? "AWAITING_ACTION" : "SUCCEEDED",
    });
  }
}

/** Whether the hooks are through: all of them are done, or one that nobody answered in time goes back. */
function runHooks(shift: TrafficShift, now: number): "done" | "goes-on" | "rollback" {
  for (const run of shift.hooks) {
    if (run.status !== "AWAITING_ACTION") continue;
    if (now < run.expiresAt.getTime()) return "goes-on";
    run.status = "TIMED_OUT";
    if (run.hook.timeoutConfiguration.action === "ROLLBACK") return "rollback";
  }
  return "done";
}

function isStageDone(
  shift: TrafficShift,
  configuration: DeploymentConfiguration,
  isScaledUp: boolean,
  now: number,
): boolean {
  switch (shift.stage) {
    case "SCALE_UP":
      return isScaledUp;
    case "PRODUCTION_TRAFFIC_SHIFT":
      return shiftProduction(shift, configuration, now);
    case "BAKE_TIME":
      return now - shift.since >= (configuration.bakeTimeInMinutes ?? 0) * minuteMs;
    case "CLEAN_UP":
      return false;
    default:
      return true;
  }
}

/** Sets the weight that is due. Returns true once all traffic is shifted. */
function shiftProduction(
  shift: TrafficShift,
  { strategy, canary, linear }: DeploymentConfiguration,
  now: number,
): boolean {
  const waited = shift.weight === 0 ? Number.POSITIVE_INFINITY : now - shift.weighedAt;
  const weigh = (weight: number) => {
    shift.weight = Math.min(100, weight);
    shift.weighedAt = now;
  };
  if (strategy === "CANARY" && canary) {
    if (waited >= canary.canaryBakeTimeInMinutes * minuteMs)
      weigh(shift.weight === 0 ? canary.canaryPercent : 100);
  } else if (strategy === "LINEAR" && linear) {
    if (waited >= linear.stepBakeTimeInMinutes * minuteMs) weigh(shift.weight + linear.stepPercent);
  } else weigh(100);
  return shift.weight >= 100;
}

/** The weights of the target groups of a service, by what its deployments say now. */
export function weightsOf(
  service: Service,
): readonly { readonly targetGroupArn: string; readonly weight: number }[] {
  const primary = primaryOf(service);
  if (!primary) return [];
  const weight = isShifting(primary) ? (primary.shift?.weight ?? 0) : 100;
  const { usesAlternate } = primary.revision;
  return service.loadBalancers.filter(hasAlternate).flatMap((balancer) => [
    { targetGroupArn: targetGroupOf(balancer, usesAlternate), weight },
    { targetGroupArn: targetGroupOf(balancer, !usesAlternate), weight: 100 - weight },
  ]);
}

function hasAlternate({ advancedConfiguration }: ServiceLoadBalancer): boolean {
  return advancedConfiguration !== undefined;
}
