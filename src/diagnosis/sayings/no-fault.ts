import type { FactOf } from "../../domain/evidence.ts";
import { isMeasuredNow } from "../../domain/metric-side.ts";
import { plural } from "../../domain/plural.ts";
import { amount } from "../../evidence/times.ts";
import { type EvidenceView, isHarmful, levelledOff, percent } from "../view/evidence-view.ts";
import type { Said, Say } from "./said.ts";

const quiet = (rootCause: string, step: string): Said => ({ rootCause, severity: "P4", nextSteps: [step] });

/** The tasks and the targets, as ECS and the load balancer have them. */
function wellness({ service, healthyTargets }: EvidenceView): string {
  const tasks = service === undefined ? "" : `${service.data.running} of ${service.data.desired} tasks run`;
  return [tasks, healthyTargets === undefined ? "" : "all targets are healthy"]
    .filter((one) => one !== "")
    .join(", ");
}

/** What autoscaling's own alarm says, and at which level. */
function scalingSays(scaling: "in" | "out" | "unknown", metric: FactOf<"metric"> | undefined): string {
  const { beyond, threshold, label, summary } = metric?.data ?? {};
  const level =
    beyond === undefined || summary === undefined
      ? ""
      : `, since ${label} at ${amount(summary.current)} is ${beyond} ${amount(threshold ?? 0)}`;
  if (scaling === "in") return `which says that it may remove tasks${level}`;
  return scaling === "out" ? `which makes it add tasks${level}` : `on which a scaling policy acts${level}`;
}

/** Changes into ALARM within the hour from which on it is said that the alarm flaps. */
const FLAPPING_ALARMS = 3;

export const noFault: Say = (view) => {
  const metric = view.alarmMetric;
  const { scaling, recentAlarms: often = 0 } = view.alarm?.data ?? {};
  const inside = metric?.data.insideThreshold === true && isMeasuredNow(metric);
  const well = wellness(view);
  const beside = well === "" ? "" : `; ${well}`;
  if (scaling !== undefined) {
    return quiet(
      `Nothing is wrong: the alarm is autoscaling's own, ${scalingSays(scaling, metric)}${beside}.`,
      "Leave alarms named TargetTracking-* out of the rule that forwards alarms to OpsAgent.",
    );
  }
  if (inside || metric === undefined) {
    const back = inside ? " and the alarm's metric is back inside its threshold" : "";
    return quiet(
      `Nothing is wrong now: ${well || "no fact speaks of a fault"}${back}.`,
      often >= FLAPPING_ALARMS
        ? "The alarm flaps: widen its threshold or ask for more datapoints."
        : "If this alarm comes often without a fault, ask for more datapoints or a wider threshold.",
    );
  }
  if (/memory/.test(metric.data.role) && levelledOff(metric)) {
    const { baseline, current, max } = metric.data.summary;
    return quiet(
      `Memory rose from ${percent(baseline)} to ${percent(max)} and has been level at ${percent(current)} since, as a cache that is full${beside}.`,
      "Raise the alarm's threshold above that level, and alarm on the slope of memory.",
    );
  }
  const unharmed = isHarmful(view) ? "" : ", and callers are not affected";
  const flaps = often >= FLAPPING_ALARMS ? `: ${plural(often, "time")} in ALARM within the hour` : "";
  return quiet(
    `The alarm on ${metric.data.label} comes and goes${flaps}${unharmed}${beside}.`,
    "Widen the alarm's threshold or ask for more datapoints.",
  );
};
