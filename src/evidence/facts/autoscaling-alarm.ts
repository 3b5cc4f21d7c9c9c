/** The alarms that autoscaling makes for itself, by what CloudWatch does when they fire. */
import { Comparison } from "../../domain/alert.ts";
import { firesBelow } from "../../domain/metric-side.ts";
import type { AlarmReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { clusterName } from "../series-trust.ts";

/** `arn:aws:autoscaling:REGION:ACCOUNT:scalingPolicy:ID:resource/ecs/service/CLUSTER/SERVICE:policyName/NAME`. */
const SCALING_POLICY =
  /^arn:[\w-]+:autoscaling:[\w-]*:\d*:scalingPolicy:[^:]+:resource\/ecs\/service\/([^/:]+)\/([^/:]+):/;

/**
 * The names that target tracking gives its alarms. They are read only after the actions have shown whose alarm it is.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
const TARGET_TRACKING = /^TargetTracking-.+-(AlarmHigh|AlarmLow|ProvisionCapacity)-/;

/**
 * Returns what autoscaling does when the alarm fires, or undefined where the alarm is not autoscaling's own: every
 * action must be a scaling policy of this service, since an alarm that also tells people was made for them. A name
 * alone says nothing.
 */
export function scalingOf(
  { name, actions = [], comparison }: AlarmReading,
  target: Target,
): "out" | "in" | "unknown" | undefined {
  const cluster = clusterName(target);
  const ours = actions.map((action) => SCALING_POLICY.exec(action));
  if (ours.length === 0 || !ours.every((match) => match?.[1] === cluster && match[2] === target.service)) {
    return undefined;
  }
  const named = TARGET_TRACKING.exec(name)?.[1];
  if (named === "AlarmHigh") return "out";
  if (named === "AlarmLow") return "in";
  const known = Comparison.safeParse(comparison);
  if (named !== undefined || !known.success) return "unknown";
  return firesBelow(known.data) ? "in" : "out";
}
