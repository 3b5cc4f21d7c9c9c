/**
 * Some symptoms can only be told apart after a while: a short peak looks like saturation at first, and an alarm follows
 * its metric back only with its next evaluation.
 */
import type { Cause } from "../domain/cause.ts";
import { alarmMetricOf, type Evidence, type FactOf, factsOf, metricsOf } from "../domain/evidence.ts";
import { isRaised } from "../domain/metric-side.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";

/** Verdicts that a short peak also produces. Climbing memory, kills and hung tasks do not pass by themselves. */
const UNSURE: ReadonlySet<Cause> = new Set(["cpu-saturation", "unknown"]);

/** Periods of the metric for which a symptom must last before such a verdict is used. */
const PERIODS_TO_TELL = 5;

/** Periods after which tasks that started with the symptom have warmed up, and the series shows it. */
const PERIODS_TO_WARM_UP = 7;

/** Periods in which memory that rose shows whether it climbs on, and percent of its limit that leave no time for them. */
const PERIODS_TO_CLIMB = 7;
const NO_TIME_PERCENT = 90;

/** Periods within which CloudWatch evaluates an alarm whose metric is back. */
const PERIODS_TO_FOLLOW = 2;

/**
 * Returns the seconds to wait before collecting evidence again, or undefined when the evidence can be judged now.
 * Waits only while the alarm is in ALARM or its metric beyond its threshold, or while the series that a trigger without
 * an alarm names has departed, and every important source was read.
 */
export function stabilisationSeconds(evidence: Evidence): number | undefined {
  const metric = alarmMetricOf(evidence) ?? symptomOf(evidence);
  const inside = metric && isWell(metric);
  if (metric === undefined || inside === undefined || evidence.gaps.some((gap) => gap.important)) {
    return undefined;
  }
  if (inside && !isStillInAlarm(evidence)) return undefined;
  const periods = periodsToTell(diagnoseBySigns(evidence).cause, metric, evidence);
  if (periods === undefined) return undefined;
  if (inside) return PERIODS_TO_FOLLOW * metric.data.periodSeconds;
  const age = (Date.parse(evidence.observedAt) - Date.parse(evidence.onset)) / 1000;
  const wait = Math.ceil(periods * metric.data.periodSeconds - age);
  return wait > 0 ? wait : undefined;
}

/** Returns how many periods a symptom must have lasted; undefined for what is plain at once. */
function periodsToTell(cause: Cause, { data }: FactOf<"metric">, evidence: Evidence): number | undefined {
  if (UNSURE.has(cause)) return data.startUp === true ? PERIODS_TO_WARM_UP : PERIODS_TO_TELL;
  return cause === "memory-leak" && mayBeBatch(evidence) ? PERIODS_TO_CLIMB : undefined;
}

/** Points since the rise began that show a pace, and the share of it below which the rise has slowed. */
const PACE_POINTS = 4;
const SLOWED = 0.5;

/**
 * Whether there is reason and time to look again: memory that has just risen, or rises no further, may be a batch that
 * gives it back, while a leak climbs on at its pace.
 */
function mayBeBatch(evidence: Evidence): boolean {
  const rising = [...metricsOf(evidence, "memory"), ...metricsOf(evidence, "task-memory")].filter(isRaised);
  const hasRoom = rising.every(({ data: { summary } }) => summary.current < NO_TIME_PERCENT);
  return hasRoom && !rising.some(climbsOn);
}

function climbsOn({ data: { points, summary } }: FactOf<"metric">): boolean {
  const since = points.filter(([at]) => at >= Date.parse(summary.onset ?? "")).map(([, value]) => value);
  const [first, before, last] = [since[0], since.at(-2), since.at(-1)];
  if (first === undefined || before === undefined || last === undefined || since.length < PACE_POINTS)
    return false;
  return last - before >= (SLOWED * (last - first)) / (since.length - 1);
}

function symptomOf(evidence: Evidence): FactOf<"metric"> | undefined {
  return factsOf(evidence, "metric").find(({ data }) => data.isSymptom === true);
}

function isWell({ data }: FactOf<"metric">): boolean | undefined {
  if (data.isAlarm === true) return data.insideThreshold;
  return data.summary.onset === undefined || data.summary.shape === "spike";
}

function isStillInAlarm(evidence: Evidence): boolean {
  return factsOf(evidence, "alarm").some(({ data }) => !data.other && data.state === "ALARM");
}
