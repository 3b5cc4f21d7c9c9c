import {
  alarmMetricOf,
  type Evidence,
  type FactOf,
  factsOf,
  type MetricRole,
  metricsOf,
  type StopClass,
} from "../../domain/evidence.ts";
import { canHaveCaused, isFirstRevision } from "../change-ranking.ts";

type Signal = NonNullable<FactOf<"log-pattern">["data"]["signal"]>;

/** Requests at least this many times their baseline count as traffic growth; half as much again is no noise. */
const TRAFFIC_GROWTH = 1.5;

/** Stops older than this before the onset belong to another story. */
const STOP_RELEVANCE_MS = 15 * 60_000;

/** The questions that detectors ask of the evidence. */
export interface EvidenceView {
  readonly evidence: Evidence;
  readonly service: FactOf<"service"> | undefined;
  readonly diff: FactOf<"task-definition-diff"> | undefined;
  readonly deployments: readonly FactOf<"deployment">[];
  readonly deploymentInProgress: FactOf<"deployment"> | undefined;
  readonly failingDeployment: FactOf<"deployment"> | undefined;
  /** The newest deployment that began shortly before the onset. */
  readonly blamedDeployment: FactOf<"deployment"> | undefined;
  readonly unhealthyTargets: readonly FactOf<"target-health">[];
  readonly healthyTargets: FactOf<"target-health"> | undefined;
  readonly runningTasks: readonly FactOf<"running-task">[];
  readonly alarm: FactOf<"alarm"> | undefined;
  readonly alarmMetric: FactOf<"metric"> | undefined;
  /** How many times the baseline the load is now; undefined without a usable request series. */
  readonly trafficRatio: number | undefined;
  readonly trafficGrew: boolean;
  stops(...classes: StopClass[]): readonly FactOf<"stopped-tasks">[];
  events(...classes: FactOf<"service-event">["data"]["class"][]): readonly FactOf<"service-event">[];
  metric(role: MetricRole): FactOf<"metric"> | undefined;
  metrics(role: MetricRole): readonly FactOf<"metric">[];
  logs(...signals: Signal[]): readonly FactOf<"log-pattern">[];
  /** Patterns that speak of trouble (many programs print no level) whose template matches. */
  words(pattern: RegExp): readonly FactOf<"log-pattern">[];
}

/** Indexes an evidence pack for the detectors. */
export function viewOf(evidence: Evidence): EvidenceView {
  const deployments = factsOf(evidence, "deployment");
  const targets = factsOf(evidence, "target-health");
  const requests = metricsOf(evidence, "requests")[0];
  const onset = Date.parse(evidence.onset);
  const loud = loudPatterns(evidence);
  const trafficRatio = ratioOf(requests);
  return {
    evidence,
    service: factsOf(evidence, "service")[0],
    diff: factsOf(evidence, "task-definition-diff").find((fact) => fact.data.changes.length > 0),
    deployments,
    deploymentInProgress: deployments.find((fact) => fact.data.inProgress),
    failingDeployment: deployments.find(
      (fact) => fact.data.failedTasks > 0 || fact.data.rolloutState === "FAILED",
    ),
    blamedDeployment: deployments
      .filter((fact) => isBlamed(fact.data, evidence))
      .sort((a, b) => (a.data.secondsBeforeOnset ?? 0) - (b.data.secondsBeforeOnset ?? 0))[0],
    unhealthyTargets: targets.filter((fact) => fact.data.state === "unhealthy"),
    healthyTargets: targets.find((fact) => fact.data.state === "healthy"),
    runningTasks: factsOf(evidence, "running-task"),
    alarm: factsOf(evidence, "alarm").find((fact) => !fact.data.other),
    alarmMetric: alarmMetricOf(evidence),
    trafficRatio,
    trafficGrew:
      trafficRatio !== undefined &&
      trafficRatio >= TRAFFIC_GROWTH &&
      requests?.data.summary.direction === "up",
    stops: (...classes) =>
      factsOf(evidence, "stopped-tasks").filter(
        (fact) =>
          classes.includes(fact.data.class) &&
          Date.parse(fact.data.lastAt ?? "") >= onset - STOP_RELEVANCE_MS,
      ),
    events: (...classes) =>
      factsOf(evidence, "service-event").filter((fact) => classes.includes(fact.data.class)),
    metric: (role) => metricsOf(evidence, role)[0],
    metrics: (role) => metricsOf(evidence, role),
    words: (pattern) => loud.filter((fact) => pattern.test(fact.data.template)),
    logs: (...signals) =>
      loud.filter((fact) => fact.data.signal !== undefined && signals.includes(fact.data.signal)),
  };
}

/** A pattern below this share of all lines of trouble, or this number, is noise: one planted line is no symptom. */
const LOUD_SHARE = 0.05;
const LOUD_COUNT = 3;

/** The patterns that speak of trouble (many programs print no level) often enough to be heard. */
function loudPatterns(evidence: Evidence): FactOf<"log-pattern">[] {
  const trouble = factsOf(evidence, "log-pattern").filter(
    (fact) => fact.data.level !== "info" || fact.data.signal !== undefined,
  );
  const all = trouble.reduce((sum, fact) => sum + fact.data.count, 0);
  return trouble.filter((fact) => fact.data.count >= Math.max(LOUD_COUNT, LOUD_SHARE * all));
}

function isBlamed(deployment: FactOf<"deployment">["data"], evidence: Evidence): boolean {
  return (
    canHaveCaused(deployment.secondsBeforeOnset, evidence) && !isFirstRevision(deployment.taskDefinition)
  );
}

/** How many times its baseline a series is now. */
function ratioOf(fact: FactOf<"metric"> | undefined): number | undefined {
  if (fact === undefined || fact.data.summary.baseline <= 0) return undefined;
  return fact.data.summary.current / fact.data.summary.baseline;
}

/** True when the metric is above its threshold or departed upward from its baseline. */
export function isUp(fact: FactOf<"metric"> | undefined): boolean {
  return raised(fact) !== undefined;
}

/** The metric itself if it is up, as {@link isUp} says. */
export function raised(fact: FactOf<"metric"> | undefined): FactOf<"metric"> | undefined {
  if (fact === undefined) return undefined;
  const { summary, insideThreshold } = fact.data;
  // A spike is a departure that is over.
  const departed = summary.direction === "up" && summary.shape !== "flat" && summary.shape !== "spike";
  return insideThreshold === false || departed ? fact : undefined;
}

/** A percentage for a sentence. */
export function percent(value: number): string {
  return `${value.toFixed(0)} %`;
}

/** By how many periods the first series departed before the second; undefined when one of them did not. */
export function periodsBefore(
  first: FactOf<"metric"> | undefined,
  second: FactOf<"metric"> | undefined,
): number | undefined {
  const [a, b] = [first?.data.summary.onset, second?.data.summary.onset];
  if (first === undefined || a === undefined || b === undefined) return undefined;
  return (Date.parse(b) - Date.parse(a)) / 1000 / first.data.periodSeconds;
}

/** Memory above this share of the limit is worth a leak's name even without an alarm threshold; below it there is room. */
export const HIGH_MEMORY_PERCENT = 75;

/** A tail of so many points, and of this share of all since the onset, tells whether a rise has ended. */
const TAIL_POINTS = 3;
const TAIL_SHARE = 1 / 3;
/** Of the rise: what a level may still move, and how near to the top it lies. */
const LEVEL_SHARE = 0.05;
const TOP_SHARE = 0.9;

/** Whether the series rose and has been level since, near its highest value: something filled up, and is full. */
export function levelledOff({ data }: FactOf<"metric">): boolean {
  const { onset, baseline, max } = data.summary;
  const since = data.points.filter(([at]) => at >= Date.parse(onset ?? "")).map(([, value]) => value);
  const tail = since.slice(-Math.max(TAIL_POINTS, Math.ceil(since.length * TAIL_SHARE)));
  const rise = max - baseline;
  if (since.length <= TAIL_POINTS || rise <= 0) return false;
  const [lowest, highest] = [Math.min(...tail), Math.max(...tail)];
  return highest - lowest <= LEVEL_SHARE * rise && lowest >= baseline + TOP_SHARE * rise;
}

/** More tasks than usual, all of them wanted: somebody, or autoscaling, has added some. */
export function moreTasks(view: EvidenceView): FactOf<"metric"> | undefined {
  const tasks = view.metric("running-tasks");
  const service = view.service?.data;
  if (tasks === undefined || service === undefined) return undefined;
  const { direction, baseline } = tasks.data.summary;
  return direction === "up" && service.desired > baseline ? tasks : undefined;
}

/** The facts without doubles and gaps. */
export function present<T>(facts: readonly (T | undefined)[]): T[] {
  return [...new Set(facts.filter((fact) => fact !== undefined))];
}

/** Below this share of the way from the usual to the highest value, it is as if nothing were. */
const BACK_SHARE = 0.25;
/** What was over so many periods before it rose again is another story. */
const APART_PERIODS = 20;
/** A departure that has lasted so many times as long as the ones before it is of another kind. */
const LONGER = 2;

/** Whether the series is up now, or was, for no longer than shortly before, when it came back by itself. */
export function comesAndGoes({ data }: FactOf<"metric">): boolean {
  const { baseline, max } = data.summary;
  const high = baseline + BACK_SHARE * (max - baseline);
  const rises: { from: number; to: number }[] = [];
  data.points.forEach(([, value], index) => {
    const last = rises.at(-1);
    if (value <= high) return;
    if (last?.to === index) last.to = index + 1;
    else rises.push({ from: index, to: index + 1 });
  });
  const [now, before] = rises.toReversed();
  if (now === undefined || before === undefined || now.from - before.to > APART_PERIODS) return false;
  return now.to - now.from <= LONGER * (before.to - before.from);
}
