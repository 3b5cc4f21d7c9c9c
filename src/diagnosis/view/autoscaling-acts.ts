import { factsOf } from "../../domain/evidence.ts";
import type { EvidenceView } from "./evidence-view.ts";

/**
 * Returns true where autoscaling adds tasks on this alarm itself, with room below its maximum: a second hand would
 * fight it.
 */
export function autoscalingActs(view: EvidenceView): boolean {
  if (view.alarm?.data.scaling !== "out") return false;
  const limits = factsOf(view.evidence, "scaling-limits")[0]?.data;
  return limits === undefined || (!limits.suspended && (view.service?.data.desired ?? 0) < limits.max);
}
