/** Signs of the alarm and of the service's wellness: whether anything is wrong now at all. */
import { isLowSideAlarm, isMeasuredNow, isRaised } from "../../domain/metric-side.ts";
import { locate } from "../locate.ts";
import { autoscalingActs } from "../view/autoscaling-acts.ts";
import {
  comesAndGoes,
  type EvidenceView,
  HIGH_MEMORY_PERCENT,
  isHarmful,
  levelledOff,
  othersFire,
  sicknessOf,
} from "../view/evidence-view.ts";
import { failureBefore, lostTraffic } from "../view/lost-traffic.ts";
import { targetsAreWell } from "./failures.ts";
import type { Metric } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";

/** Whether ECS and the load balancer call everything well; not known where one of them could not be read. */
function serviceWell(view: EvidenceView): Reading | undefined {
  if (view.service === undefined || view.unread("tasks") || view.unread("target-health")) return undefined;
  const well = sicknessOf(view) === undefined && locate(view).sick.length === 0;
  return reading(well ? 1 : 0, [view.service, view.healthyTargets]);
}

/** What an alarm that takes silence for well still says. */
const SILENT_DEGREE = 0.75;

function metricInside(view: EvidenceView): Reading | undefined {
  const metric = view.alarmMetric;
  const inside = metric?.data.insideThreshold;
  if (metric === undefined || inside === undefined) return undefined;
  if (countsSickTargets(metric) && targetsAreWell(view)) return reading(1, [view.healthyTargets]);
  return reading(!inside ? 0 : isMeasuredNow(metric) ? 1 : SILENT_DEGREE, [metric]);
}

function countsSickTargets(metric: Metric | undefined): boolean {
  return metric?.data.role === "unhealthy-hosts";
}

function alarmOk(view: EvidenceView): Reading | undefined {
  const state = view.alarm?.data.state;
  if (state === undefined) return undefined;
  // The targets are of now; the alarm follows with its next evaluation.
  if (state !== "OK" && countsSickTargets(view.alarmMetric) && targetsAreWell(view)) return undefined;
  return reading(state === "OK" ? 1 : 0, [view.alarm]);
}

/** Changes into ALARM within the hour: twice may be one fault that comes back, five times is a threshold in the noise. */
const TWICE = 2;
const FLAPPING = 5;

/** Share of the threshold between it and the baseline: within a quarter noise alone crosses it. */
const FAR_SHARE = 0.5;
const CLOSE_SHARE = 0.2;
/** Noise does not exceed this many times the threshold. */
const FAR_TIMES = 2;

/** Whether the alarm goes off and on with a metric that only moves as it always did. */
function flapsInNoise(view: EvidenceView): Reading | undefined {
  const metric = view.alarmMetric;
  const threshold = metric?.data.threshold;
  if (metric === undefined || threshold === undefined || !isMeasuredNow(metric)) return undefined;
  if (isLowSideAlarm(metric)) return reading(0);
  const { max, baseline } = metric.data.summary;
  const others = (["errors-5xx", "cpu", "memory", "unhealthy-hosts"] as const).map((role) =>
    view.metric(role),
  );
  const calm =
    max <= FAR_TIMES * Math.abs(threshold) && !others.some((fact) => fact !== metric && isRaised(fact));
  const close = grade(Math.abs(baseline - threshold) / Math.abs(threshold), FAR_SHARE, CLOSE_SHARE);
  const often = grade(view.alarm?.data.recentAlarms ?? 0, TWICE, FLAPPING);
  return reading(calm ? Math.min(close, often) : 0, [metric, view.alarm]);
}

/** Whether a utilisation comes and goes by itself while no caller suffers, as with a job that runs every few minutes. */
function comesWithoutHarm(view: EvidenceView): Reading | undefined {
  const metric = view.alarmMetric;
  if (metric === undefined || !isMeasuredNow(metric)) return undefined;
  const busy = (metric.data.role === "cpu" || metric.data.role === "task-cpu") && !isLowSideAlarm(metric);
  const passes = view.alarm?.data.flapping === true || comesAndGoes(metric);
  return reading(busy && passes && !isHarmful(view) ? 1 : 0, [metric, view.alarm]);
}

/** Whether the alarm is on memory that filled up to a level with room above it, as a cache does. */
function filledUp(view: EvidenceView): Reading | undefined {
  const metric = view.alarmMetric;
  if (metric === undefined || !isMeasuredNow(metric)) return undefined;
  const memory = metric.data.role === "memory" || metric.data.role === "task-memory";
  const roomy = metric.data.summary.max < HIGH_MEMORY_PERCENT && levelledOff(metric);
  return reading(memory && roomy && !isLowSideAlarm(metric) && !isHarmful(view) ? 1 : 0, [metric]);
}

/** Shares of today's departure that the same time of other days had: half is less, nine tenths is the same. */
const LESS_SHARE = 0.6;
const SAME_SHARE = 0.9;
/** Days below which nothing is called usual. */
const FEWEST_DAYS = 3;

/** Whether what alarms went as far at the same time of the days before; not known of a young service. */
function asUsual(view: EvidenceView): Reading | undefined {
  const metric = view.alarmMetric;
  const usual = metric?.data.usual;
  if (metric === undefined || usual === undefined || usual.days < FEWEST_DAYS) return undefined;
  return reading(grade(usual.share, LESS_SHARE, SAME_SHARE), [metric]);
}

export const ALARM_SIGNS = {
  "as-usual": { what: "the same at the same time of other days", family: "usual", read: asUsual },
  "service-well": {
    what: "a service that ECS and the load balancer call well",
    family: "wellness",
    read: serviceWell,
  },
  "metric-inside": {
    what: "the alarm's metric back inside its threshold",
    family: "alarm",
    read: metricInside,
  },
  "alarm-ok": { what: "an alarm that is OK again", family: "alarm-state", read: alarmOk },
  "flaps-in-noise": {
    what: "an alarm that flaps within the usual noise",
    family: "alarm",
    read: flapsInNoise,
  },
  "comes-without-harm": {
    what: "a load that comes and goes without harm",
    family: "alarm",
    read: comesWithoutHarm,
  },
  "filled-up": { what: "memory that filled up to a level with room", family: "alarm", read: filledUp },
  /** The alarm is autoscaling's own: it says that it may act. */
  "autoscalers-alarm": {
    what: "an alarm of autoscaling's own",
    family: "alarm",
    read: (view) => {
      const scaling = view.alarm?.data.scaling;
      return view.alarm && reading(scaling === undefined ? 0 : 1, [view.alarm]);
    },
  },
  /** Autoscaling adds tasks on this alarm itself, with room below its maximum. */
  "autoscaling-acts": {
    what: "autoscaling that adds tasks itself",
    family: "autoscaling",
    read: (view) => reading(autoscalingActs(view) ? 1 : 0, [view.alarm]),
  },
  /** It wants to add tasks and cannot. */
  "autoscaling-cannot": {
    what: "autoscaling that cannot add tasks",
    family: "autoscaling",
    read: (view) =>
      reading(view.alarm?.data.scaling === "out" && !autoscalingActs(view) ? 1 : 0, [view.alarm]),
  },
  "others-fire": {
    what: "another alarm of the service",
    family: "other-alarms",
    read: (view) => reading(othersFire(view) ? 1 : 0),
  },
  /** Fewer requests arrive than usually do, and the series that tells so is trusted. */
  "requests-lost": {
    what: "requests that usually arrive and do not",
    family: "arrivals",
    read: (view) => {
      const loss = lostTraffic(view);
      const known = view.metrics("requests").length > 0 || view.metric("cpu") !== undefined;
      if (loss === undefined) return known ? reading(0) : undefined;
      return reading(loss.kind === "work" ? 0.85 : 1, [loss.shown], { direction: "down", subject: "caller" });
    },
  },
  /** Callers may have left a service that answered badly before. */
  "failures-before-loss": {
    what: "failures before the requests went away",
    family: "order",
    read: (view) => {
      const loss = lostTraffic(view);
      if (loss === undefined) return undefined;
      const first = failureBefore(view, loss.shown);
      return reading(first === undefined ? 0 : 1, [first]);
    },
  },
} as const satisfies Record<string, Sign>;
