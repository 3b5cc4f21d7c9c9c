/** Alarms that autoscaling made for itself, which say that it may act and not that something is wrong. */
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { amount } from "../../evidence/times.ts";
import type { Detector } from "./detector.ts";
import { type EvidenceView, isHarmful, othersFire, sicknessOf } from "./evidence-view.ts";

/**
 * Returns true where autoscaling adds tasks on this alarm itself, with room below its maximum: a second hand would
 * fight it.
 */
export function autoscalingActs(view: EvidenceView): boolean {
  if (view.alarm?.data.scaling !== "out") return false;
  const limits = factsOf(view.evidence, "scaling-limits")[0]?.data;
  return limits === undefined || (!limits.suspended && (view.service?.data.desired ?? 0) < limits.max);
}

export const autoscalerAlarm: Detector = {
  cause: "no-fault",
  detect: (view) => {
    const scaling = view.alarm?.data.scaling;
    if (scaling === undefined) return undefined;
    const sick = sicknessOf(view) ?? (isHarmful(view) ? "Callers of the service are affected." : undefined);
    if (sick !== undefined) return sick;
    if (othersFire(view)) return "Another alarm of the service fires.";
    if (scaling === "out" && !autoscalingActs(view)) return "Autoscaling cannot add tasks for its own alarm.";
    return {
      confidence: 0.9,
      rootCause: `Nothing is wrong: the alarm is autoscaling's own, ${told(scaling, view.alarmMetric)}; all ${view.service?.data.desired ?? 0} tasks run.`,
      severity: "P4",
      supports: [view.alarm, view.service, view.alarmMetric, view.healthyTargets],
      nextSteps: ["Leave alarms named TargetTracking-* out of the rule that forwards alarms to OpsAgent."],
    };
  },
};

function told(scaling: "in" | "out" | "unknown", metric: FactOf<"metric"> | undefined): string {
  const { beyond, threshold, label, summary } = metric?.data ?? {};
  const level =
    beyond === undefined || summary === undefined
      ? ""
      : `, since ${label} at ${amount(summary.current)} is ${beyond} ${amount(threshold ?? 0)}`;
  if (scaling === "in") return `which says that it may remove tasks${level}`;
  return scaling === "out" ? `which makes it add tasks${level}` : `on which a scaling policy acts${level}`;
}
