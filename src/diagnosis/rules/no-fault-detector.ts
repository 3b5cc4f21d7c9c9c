import type { FactOf } from "../../domain/evidence.ts";
import { isLowSideAlarm, isMeasuredNow, isRaised } from "../../domain/metric-side.ts";
import type { Detector } from "./detector.ts";
import {
  comesAndGoes,
  type EvidenceView,
  HIGH_MEMORY_PERCENT,
  isHarmful,
  levelledOff,
  percent,
  sicknessOf,
} from "./evidence-view.ts";
import { lostTraffic } from "./traffic-loss-detector.ts";

/** Noise is judged by points of the newest periods, and too little of a metric is not called noise. */
function mayBeNoise(metric: FactOf<"metric"> | undefined): metric is FactOf<"metric"> {
  return metric !== undefined && isMeasuredNow(metric) && !isLowSideAlarm(metric);
}

/** Changes into ALARM within the hour from which on the alarm flaps. */
const FLAPPING_ALARMS = 4;

/** A threshold this close to the baseline (as a share of it) is crossed by noise alone. */
const CLOSE_SHARE = 0.25;
/** Noise does not exceed this many times the threshold. */
const FAR = 2;

/** The threshold is within the metric's usual range, and nothing else departs. */
function isWithinNoise(view: EvidenceView): boolean {
  const metric = view.alarmMetric;
  const threshold = metric?.data.threshold;
  if (metric === undefined || threshold === undefined) return false;
  const { max, baseline } = metric.data.summary;
  const others = [
    view.metric("errors-5xx"),
    view.metric("cpu"),
    view.metric("memory"),
    view.metric("unhealthy-hosts"),
  ];
  const close = Math.abs(baseline - threshold) <= CLOSE_SHARE * Math.abs(threshold);
  return (
    close && max <= FAR * Math.abs(threshold) && !others.some((fact) => fact !== metric && isRaised(fact))
  );
}

/** The alarm is on utilisation, which comes and goes; callers are not affected. */
function comesWithoutHarm(view: EvidenceView): boolean {
  const role = view.alarmMetric?.data.role;
  const busy = role === "cpu" || role === "task-cpu";
  const passes =
    view.alarm?.data.flapping === true || (view.alarmMetric !== undefined && comesAndGoes(view.alarmMetric));
  return busy && passes && !isHarmful(view);
}

/** The alarm is on memory that filled up to a level with room above it, as a cache does. */
function filledUp(view: EvidenceView): FactOf<"metric"> | undefined {
  const metric = view.alarmMetric;
  const role = metric?.data.role;
  if (metric === undefined || (role !== "memory" && role !== "task-memory")) return undefined;
  const roomy = metric.data.summary.max < HIGH_MEMORY_PERCENT && levelledOff(metric);
  return roomy && !isHarmful(view) && view.blamedDeployment === undefined ? metric : undefined;
}

export const noFault: Detector = {
  cause: "no-fault",
  detect: (view) => {
    const service = view.service;
    if (service === undefined) return "The state of the service could not be read.";
    const sick = sicknessOf(view);
    if (sick !== undefined) return sick;
    if (lostTraffic(view) !== undefined) return "Requests that usually arrive do not.";
    const metric = view.alarmMetric;
    const inside = metric?.data.insideThreshold;
    const often = view.alarm?.data.recentAlarms ?? 0;
    const noise = mayBeNoise(metric);
    const tooTight = noise && ((often >= FLAPPING_ALARMS && isWithinNoise(view)) || comesWithoutHarm(view));
    const full = noise ? filledUp(view) : undefined;
    if (inside === false && !tooTight && full === undefined) return stillOutside(metric);
    if (isRaised(view.metric("errors-5xx"))) return "Errors are above their baseline.";
    const state = view.alarm?.data.state;
    const ok = state === "OK";
    if (tooTight) {
      return {
        confidence: 0.88,
        rootCause: `The alarm flaps: ${often} times in ALARM within the hour, ${isWithinNoise(view) ? `although ${metric?.data.label ?? "its metric"} only moves as it always did` : "and back by itself in between, while all tasks are well and answers are as fast as ever"}.`,
        severity: "P4",
        supports: [service, metric, view.alarm, view.healthyTargets],
        nextSteps: ["Widen the alarm's threshold or ask for more datapoints."],
      };
    }
    if (full !== undefined) {
      const { baseline, current, max } = full.data.summary;
      return {
        confidence: 0.85,
        rootCause: `Memory rose from ${percent(baseline)} to ${percent(max)} and has been level at ${percent(current)} since, with room to the limit, as a cache that is full; all tasks are well and answers are as fast as ever.`,
        severity: "P4",
        supports: [service, full, view.healthyTargets],
        nextSteps: ["Raise the alarm's threshold above that level, and alarm on the slope of memory."],
      };
    }
    if (state !== undefined && !ok) return `The alarm is ${state} in CloudWatch, whatever its metric says.`;
    if (inside === undefined && metric?.data.noDataSince !== undefined)
      return "The alarm's metric has no data.";
    if (inside === undefined && !ok) return "Whether the alarm's metric is back cannot be read.";
    const back = inside === true && metric !== undefined && isMeasuredNow(metric);
    return {
      confidence: back && ok ? 0.92 : 0.85,
      rootCause: `Nothing is wrong now: ${service.data.running} of ${service.data.desired} tasks run${view.healthyTargets ? ", all targets are healthy" : ""}${back ? " and the alarm's metric is back inside its threshold" : ""}.`,
      severity: "P4",
      supports: [service, metric, view.healthyTargets, ok ? view.alarm : undefined],
      nextSteps: [
        (view.alarm?.data.recentAlarms ?? 0) > 2
          ? "The alarm flaps: widen its threshold or ask for more datapoints."
          : "If this alarm comes often without a fault, ask for more datapoints or a wider threshold.",
      ],
    };
  },
};

function stillOutside(metric: FactOf<"metric"> | undefined): string {
  return metric?.data.beyond === undefined && metric?.data.noDataSince !== undefined
    ? "The alarm's metric has no data, which the alarm counts as breaching."
    : "The alarm's metric is still on the wrong side of its threshold.";
}
