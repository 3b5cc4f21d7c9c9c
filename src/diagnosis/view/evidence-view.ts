import {
  alarmMetricOf,
  type Evidence,
  type FactOf,
  factsOf,
  type MetricRole,
  metricsOf,
  type StopClass,
} from "../../domain/evidence.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { canHaveCaused, isFirstRevision } from "../change-ranking.ts";

type Signal = NonNullable<FactOf<"log-pattern">["data"]["signal"]>;

/** Requests at least this many times their baseline count as traffic growth, beyond noise. */
const TRAFFIC_GROWTH = 1.5;

/** Stops earlier than this before the onset are unrelated. */
const STOP_RELEVANCE_MS = 15 * 60_000;

/** The queries that detectors make on the evidence. */
export interface EvidenceView {
  readonly evidence: Evidence;
  readonly service: FactOf<"service"> | undefined;
  readonly diff: FactOf<"task-definition-diff"> | undefined;
  readonly deployments: readonly FactOf<"deployment">[];
  /** The one that moves tasks. One that shifts traffic, bakes or is paused moves none, and explains no want of tasks. */
  readonly deploymentInProgress: FactOf<"deployment"> | undefined;
  readonly failingDeployment: FactOf<"deployment"> | undefined;
  /** The newest deployment that began shortly before the onset. */
  readonly blamedDeployment: FactOf<"deployment"> | undefined;
  readonly unhealthyTargets: readonly FactOf<"target-health">[];
  readonly healthyTargets: FactOf<"target-health"> | undefined;
  readonly runningTasks: readonly FactOf<"running-task">[];
  readonly alarm: FactOf<"alarm"> | undefined;
  readonly alarmMetric: FactOf<"metric"> | undefined;
  /** The current load as a multiple of its baseline; undefined without a usable request series. */
  readonly trafficRatio: number | undefined;
  readonly trafficGrew: boolean;
  /** All groups of stopped tasks, whenever they stopped. */
  readonly allStops: readonly FactOf<"stopped-tasks">[];
  /** Whether a source could not be read. */
  unread(source: string): boolean;
  stops(...classes: StopClass[]): readonly FactOf<"stopped-tasks">[];
  events(...classes: FactOf<"service-event">["data"]["class"][]): readonly FactOf<"service-event">[];
  metric(role: MetricRole): FactOf<"metric"> | undefined;
  metrics(role: MetricRole): readonly FactOf<"metric">[];
  logs(...signals: Signal[]): readonly FactOf<"log-pattern">[];
  /** Log patterns of problems (many programs print no level) whose template matches. */
  words(pattern: RegExp): readonly FactOf<"log-pattern">[];
}

/** Indexes evidence for the detectors. */
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
    deploymentInProgress: deployments.find((fact) => fact.data.inProgress && fact.data.holding === undefined),
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
    allStops: factsOf(evidence, "stopped-tasks"),
    unread: (source) => evidence.gaps.some((gap) => gap.source === source),
    stops: (...classes) =>
      factsOf(evidence, "stopped-tasks").filter(
        (fact) =>
          classes.includes(fact.data.class) &&
          // One without a time is hardly older than an hour.
          !(Date.parse(fact.data.lastAt ?? "") < onset - STOP_RELEVANCE_MS),
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

/** A pattern below this share of all problem lines, or this number, is noise: one planted line is no symptom. */
const LOUD_SHARE = 0.05;
const LOUD_COUNT = 3;

/** Returns patterns of problems that are frequent enough. */
function loudPatterns(evidence: Evidence): FactOf<"log-pattern">[] {
  const trouble = problemPatterns(evidence);
  const all = linesOf(trouble);
  return trouble.filter((fact) => fact.data.count >= Math.max(LOUD_COUNT, LOUD_SHARE * all));
}

/** Returns patterns of problems: with a signal, or of a level above info, which many programs do not print. */
export function problemPatterns(evidence: Evidence): FactOf<"log-pattern">[] {
  return factsOf(evidence, "log-pattern").filter(
    (fact) => fact.data.level !== "info" || fact.data.signal !== undefined,
  );
}

/** Returns how many lines the patterns stand for. */
export function linesOf(patterns: readonly FactOf<"log-pattern">[]): number {
  return patterns.reduce((sum, { data }) => sum + data.count, 0);
}

function isBlamed(deployment: FactOf<"deployment">["data"], evidence: Evidence): boolean {
  return (
    canHaveCaused(deployment.secondsBeforeOnset, evidence) && !isFirstRevision(deployment.taskDefinition)
  );
}

/** Returns the current level of a series as a multiple of its baseline. */
function ratioOf(fact: FactOf<"metric"> | undefined): number | undefined {
  if (fact === undefined || fact.data.summary.baseline <= 0) return undefined;
  return fact.data.summary.current / fact.data.summary.baseline;
}

/** Returns the metric where it is raised, as {@link isRaised} says. */
export function ifRaised(fact: FactOf<"metric"> | undefined): FactOf<"metric"> | undefined {
  return isRaised(fact) ? fact : undefined;
}

const BAD_STOPS: readonly StopClass[] = [
  "out-of-memory",
  "failed-health-check",
  "image-pull-failed",
  "initialization-failed",
  "container-runtime-error",
  "crashed",
  "exited-successfully",
  "no-capacity",
  "disk-full",
];

/** Why the service itself is not well, by what ECS and the load balancer say; undefined where it is. */
export function sicknessOf(view: EvidenceView): string | undefined {
  const service = view.service?.data;
  if (service === undefined) return "The state of the service could not be read.";
  if (view.stops(...BAD_STOPS).length > 0) return "Tasks stopped for bad reasons.";
  if (service.running < service.desired || service.desired === 0) return "Not all desired tasks run.";
  return view.unhealthyTargets.length > 0
    ? `${view.unhealthyTargets.length} targets are unhealthy.`
    : undefined;
}

/** Whether another alarm of the service fires, one that is not autoscaling's own. */
export function othersFire({ evidence }: EvidenceView): boolean {
  return factsOf(evidence, "alarm").some(
    ({ data }) => data.other === true && data.scaling === undefined && data.state === "ALARM",
  );
}

/** Whether callers of the service are affected. */
export function isHarmful(view: EvidenceView): boolean {
  const harm = ["errors-5xx", "elb-5xx", "latency-p50", "latency-p99", "unhealthy-hosts"] as const;
  return harm.some((name) => isRaised(view.metric(name)));
}

/** A load within this share of its baseline is told as no growth. */
const LOAD_NOISE = 0.1;

/** How the load went beside what rose, as the end of a clause: `unmoved` where it did not grow. */
export function besideLoad({ trafficRatio }: EvidenceView, unmoved: string): string {
  if (trafficRatio === undefined) return ", and no series tells of the load";
  return trafficRatio <= 1 + LOAD_NOISE
    ? unmoved
    : `, with requests at ${trafficRatio.toFixed(1)} times their baseline`;
}

/** The other tasks, as a clause: `steady` is said only of those that did not move. */
export function othersText(others: readonly FactOf<"metric">[]): string {
  const one = others.length === 1;
  const which = one ? "the other task" : `the other ${others.length} tasks`;
  if (others.every(({ data }) => data.summary.direction === "none")) {
    return `${which} ${one ? "is" : "are"} steady`;
  }
  return `${which} ${one ? "does" : "do"} not climb`;
}

/** Formats a percentage for a sentence. */
export function percent(value: number): string {
  return `${value.toFixed(0)} %`;
}

/** Returns by how many periods the first series departed before the second; undefined when one of them did not. */
export function periodsBefore(
  first: FactOf<"metric"> | undefined,
  second: FactOf<"metric"> | undefined,
): number | undefined {
  const [a, b] = [first?.data.summary.onset, second?.data.summary.onset];
  if (first === undefined || a === undefined || b === undefined) return undefined;
  return (Date.parse(b) - Date.parse(a)) / 1000 / first.data.periodSeconds;
}

/** Percent of the limit above which memory counts as high without an alarm threshold; below it there is room. */
export const HIGH_MEMORY_PERCENT = 75;

/** The last points, by number and by share of all since the onset, that show whether a rise has ended. */
const TAIL_POINTS = 3;
const TAIL_SHARE = 1 / 3;
/** Shares of the rise: how much a level may still move, and how near to the top it is. */
const LEVEL_SHARE = 0.05;
const TOP_SHARE = 0.9;

/** Whether the series rose and has been level since, near its highest value, as a cache that filled up. */
export function levelledOff({ data }: FactOf<"metric">): boolean {
  const { onset, baseline, max } = data.summary;
  const since = data.points.filter(([at]) => at >= Date.parse(onset ?? "")).map(([, value]) => value);
  const tail = since.slice(-Math.max(TAIL_POINTS, Math.ceil(since.length * TAIL_SHARE)));
  const rise = max - baseline;
  if (since.length <= TAIL_POINTS || rise <= 0) return false;
  const [lowest, highest] = [Math.min(...tail), Math.max(...tail)];
  return highest - lowest <= LEVEL_SHARE * rise && lowest >= baseline + TOP_SHARE * rise;
}

/**
 * Returns the running count when more tasks run than usual, all of them desired: a person or autoscaling added some.
 */
export function moreTasks(view: EvidenceView): FactOf<"metric"> | undefined {
  const tasks = view.metric("running-tasks");
  const service = view.service?.data;
  if (tasks === undefined || service === undefined) return undefined;
  const { direction, baseline } = tasks.data.summary;
  return direction === "up" && service.desired > baseline ? tasks : undefined;
}

/** Returns the facts without duplicates and undefined ones. */
export function present<T>(facts: readonly (T | undefined)[]): T[] {
  return [...new Set(facts.filter((fact) => fact !== undefined))];
}

/** Below this share of the way from baseline to maximum, a departure has ended. */
const BACK_SHARE = 0.25;
/** A departure that ended so many periods before the next is unrelated to it. */
const APART_PERIODS = 20;
/** A departure this many times as long as the earlier ones is of another kind. */
const LONGER = 2;

/** Whether the series is or was up for no longer than shortly before, when it recovered by itself. */
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
