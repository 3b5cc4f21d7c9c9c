/** The bounds of autoscaling and its activities. */
import type { ScalingActivityReading, ScalingLimitsReading } from "../../domain/reading.ts";
import type { FactDraft } from "../source.ts";

const MAX_ACTIVITIES = 10;

/** The bounds, and the activities since `since` (epoch milliseconds). */
export function scalingFacts(
  limits: ScalingLimitsReading | undefined,
  activities: readonly ScalingActivityReading[] | undefined,
  since: number,
): FactDraft[] {
  const facts: FactDraft[] = [];
  if (limits !== undefined) {
    facts.push({
      kind: "scaling-limits",
      provenance: "control-plane",
      statement: `Autoscaling keeps ${limits.min} to ${limits.max} tasks${limits.suspended ? ", suspended" : ""}.`,
      data: { min: limits.min, max: limits.max, suspended: limits.suspended },
    });
  }
  for (const activity of (activities ?? [])
    .filter((one) => Date.parse(one.at) >= since)
    .slice(0, MAX_ACTIVITIES)) {
    facts.push({
      kind: "scaling-activity",
      provenance: "control-plane",
      at: activity.at,
      statement: `Autoscaling (${activity.status}): ${activity.description}`,
      data: { description: activity.description, cause: activity.cause, status: activity.status },
    });
  }
  return facts;
}
