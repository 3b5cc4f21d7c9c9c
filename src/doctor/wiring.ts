/** Which alarms watch a service, and whom they reach. Pure. */
import { alarmsInRule } from "../domain/alarm-rule.ts";
import { matches } from "../ingestion/target-resolution.ts";
import type { AlarmWiring, SubscriptionReading } from "./ports.ts";

/** A service as alarms know it. */
export interface Watched {
  readonly cluster: string;
  readonly service: string;
  /** `targetgroup/NAME/ID`, as the dimension TargetGroup has it. */
  readonly targetGroups: readonly string[];
  /** Patterns of the policy that map to this service. */
  readonly patterns: readonly string[];
}

/** How an alarm is matched to a service. `dimensions` need no entry in the policy. */
export type Link = "dimensions" | "pattern" | "target-group" | "composite";

/**
 * Returns how the alarm is matched to the service; undefined when it is not. `of` answers for the children of a
 * composite.
 */
export function linkOf(
  alarm: AlarmWiring,
  watched: Watched,
  of: (name: string) => AlarmWiring | undefined,
): Link | undefined {
  const { cluster, service, targetGroups, patterns } = watched;
  const dimensions = alarm.metrics.map((series) => series.dimensions);
  if (dimensions.some((one) => one["ServiceName"] === service && one["ClusterName"] === cluster))
    return "dimensions";
  if (patterns.some((pattern) => matches(pattern, alarm.name))) return "pattern";
  if (dimensions.some((one) => targetGroups.includes(one["TargetGroup"] ?? ""))) return "target-group";
  const children = alarmsInRule(alarm.rule ?? "").flatMap((name) => of(name) ?? []);
  const about = children.some((child) => child.rule === undefined && linkOf(child, watched, of));
  return about ? "composite" : undefined;
}

export const isTopic = (arn: string) => /^arn:[\w-]+:sns:/.test(arn);
export const isFunction = (arn: string) => /^arn:[\w-]+:lambda:/.test(arn);

/** Whether a subscription delivers to the agent, by its address where one was given. */
export function reachesAgent(
  { protocol, endpoint, confirmed }: SubscriptionReading,
  agentAddress: string | undefined,
): boolean {
  const deliverable = protocol === "lambda" || protocol === "https" || protocol === "http";
  return confirmed && deliverable && (agentAddress === undefined || endpoint.includes(agentAddress));
}

/** Returns the end of an ARN or the host of an address, for people. */
export function shortAddress(endpoint: string): string {
  return URL.parse(endpoint)?.host || (endpoint.split(":").at(-1) ?? endpoint);
}
