/** Signs of memory: how high, whether it climbs, in which tasks, and what else could explain it. */
import { isRaised } from "../../domain/metric-side.ts";
import { isFirstRevision } from "../change-ranking.ts";
import { type EvidenceView, levelledOff, periodsBefore } from "../view/evidence-view.ts";
import { limitLowered } from "./release.ts";
import { high, type Metric, strongest } from "./series.ts";
import { grade, type Reading, reading, type Sign } from "./sign.ts";
import { trafficGrew } from "./traffic.ts";

/** Percent of the limit: with half of it free nothing is near its end; above four fifths a collector has no room. */
const ROOMY_PERCENT = 60;
const FULL_PERCENT = 80;

/** Whether the series has risen and stays up, by itself or by comparison with its siblings. */
function climbing(fact: Metric): boolean {
  const rose = isRaised(fact) && isDeparted(fact) && fact.data.summary.shape !== "spike";
  // A leak of many hours fills the window; only the comparison with sibling tasks shows it.
  const apart = fact.data.amongTasks?.position === "above";
  return rose || (apart && grade(fact.data.summary.current, ROOMY_PERCENT, FULL_PERCENT) > 0.5);
}

/** Whether it left its usual level at all: what only passes its alarm's threshold does not climb. */
function isDeparted({ data: { summary } }: Metric): boolean {
  return summary.direction === "up" && summary.shape !== "flat";
}

/** The series of tasks whose memory climbs. */
export function climbingTasks(view: EvidenceView): Metric[] {
  return view.metrics("task-memory").filter(climbing);
}

function climbs(view: EvidenceView): Reading | undefined {
  const tasks = climbingTasks(view);
  if (tasks.length > 0) return reading(1, [...tasks, view.metric("memory")], since(tasks[0]));
  const memory = view.metric("memory");
  if (memory === undefined || memory.data.noDataSince !== undefined) return undefined;
  // A task that warms up comes to the level of the others, which are in the same series.
  return climbing(memory) ? reading(1, [memory], since(memory)) : reading(0, [memory], { direction: "up" });
}

function since(fact: Metric | undefined): { readonly from?: string; readonly direction: "up" } {
  const { onset } = fact?.data.summary ?? {};
  return { direction: "up", ...(onset === undefined ? {} : { from: onset }) };
}

/** Whether some of several tasks climb while others do not; not known without a series of each task. */
function climbsInSome(view: EvidenceView): Reading | undefined {
  const all = view.metrics("task-memory");
  const some = climbingTasks(view);
  if (all.length < 2 || some.length === 0) return undefined;
  return reading(some.length < all.length ? 1 : 0, some, { subject: "task", ...since(some[0]) });
}

/** What climbs: the tasks that do, else the service as a whole. */
function grown(view: EvidenceView): Metric[] {
  const tasks = climbingTasks(view);
  const memory = view.metric("memory");
  return tasks.length > 0 || memory === undefined ? tasks : [memory];
}

/** Percent of the limit at which what stays level may only be held down by the limit itself. */
const NEAR_LIMIT_PERCENT = 80;
const AT_LIMIT_PERCENT = 95;

/** Whether it rose and has been level since, short of its limit: a cache that is full, a batch at work. */
function level(view: EvidenceView): Reading | undefined {
  const series = grown(view);
  if (series.length === 0) return undefined;
  const room = Math.min(
    ...series.map(({ data }) => 1 - grade(data.summary.current, NEAR_LIMIT_PERCENT, AT_LIMIT_PERCENT)),
  );
  return reading(series.every(levelledOff) ? room : 0, series);
}

/** Whether memory rises since a deployment in every task, where it was lower before: a restarted task would rise again. */
function climbsSinceRelease(view: EvidenceView): Reading | undefined {
  const memory = view.metric("memory");
  const deployment = view.blamedDeployment;
  if (memory === undefined) return undefined;
  if (deployment === undefined || deployment.data.forced === true) return reading(0);
  const began = Date.parse(deployment.data.createdAt ?? "");
  const before = memory.data.points.filter(([at]) => at < began);
  const { baseline, current } = memory.data.summary;
  const everywhere =
    view.runningTasks.every(({ data }) => data.taskDefinition === deployment.data.taskDefinition) &&
    climbingTasks(view).length === view.metrics("task-memory").length;
  if (!everywhere) return reading(0);
  if (before.length === 0) return undefined;
  const lower = before.every(([, value]) => value < baseline + (current - baseline) / 2);
  return reading(lower ? 1 : 0, [deployment, view.diff, memory], { subject: "revision" });
}

/** Ages of a deployment in seconds, up to which it may cause whatever every task does. */
const YOUNG_SECONDS = 3600;
const GROWN_UP_SECONDS = 2 * 3600;

/** Whether all run a revision so young that no series can show how memory was before. */
function youngRelease(view: EvidenceView): Reading {
  const observed = Date.parse(view.evidence.observedAt);
  const young = view.deployments
    .filter(({ data }) => !isFirstRevision(data.taskDefinition) && data.forced !== true)
    .map((fact) => ({ fact, age: (observed - Date.parse(fact.data.createdAt ?? "")) / 1000 }))
    .sort((a, b) => a.age - b.age)[0];
  if (young === undefined || Number.isNaN(young.age)) return reading(0);
  return reading(grade(young.age, GROWN_UP_SECONDS, YOUNG_SECONDS), [young.fact], { subject: "revision" });
}

/** Settings that raise the application's use of memory. */
const APPETITE = /Xmx|heap|max.old.space|workers?|concurrency|cache.?size|memory/i;

function appetiteRaised(view: EvidenceView): Reading | undefined {
  if (view.unread("changes")) return undefined;
  const raised = view.diff?.data.changes.some(({ what, before, after }) =>
    APPETITE.test(`${what} ${before} ${after}`),
  );
  return reading(raised ? 1 : 0, raised ? [view.diff] : [], { subject: "revision" });
}

/** Whether errors or late answers came first: requests that wait pile up in memory. */
function followsFailures(view: EvidenceView): Reading | undefined {
  const memory = view.metric("memory");
  const failures = [view.metric("errors-5xx"), view.metric("latency-p50")].find((fact) => isRaised(fact));
  const lead = periodsBefore(failures, memory);
  return lead === undefined ? undefined : reading(grade(lead, -1, 0), [failures]);
}

/** Degree of teeth of which too few were seen to tell whether their floor moves. */
const FEW_TEETH = 0.8;

/** Whether memory climbs and falls back by itself, always to the same floor, as a collector makes it. */
function teeth(view: EvidenceView): Reading | undefined {
  const series = grown(view);
  if (series.length === 0) return undefined;
  const degrees = series.map(({ data: { summary } }) =>
    summary.teeth === undefined || summary.teeth.floorMoves === true
      ? 0
      : summary.teeth.floorMoves === false
        ? 1
        : FEW_TEETH,
  );
  return reading(Math.min(...degrees), series);
}

export const MEMORY_SIGNS = {
  "memory-teeth": {
    what: "memory that falls back by itself, as a collector makes it",
    family: "memory",
    read: teeth,
  },
  "memory-high": {
    what: "memory near its limit",
    family: "memory",
    read: (view) =>
      strongest(
        [view.metric("memory"), ...climbingTasks(view)].map((fact) =>
          high(fact, ROOMY_PERCENT, FULL_PERCENT),
        ),
      ),
  },
  "memory-climbs": { what: "memory that climbs", family: "memory-climb", unexplained: 1, read: climbs },
  "memory-climbs-in-some": {
    what: "memory that climbs in some tasks and not in others",
    family: "memory-scope",
    unexplained: 2,
    read: climbsInSome,
  },
  "memory-level": { what: "memory that is level again, with room above it", family: "memory", read: level },
  "memory-with-load": {
    what: "memory that rose with the load",
    family: "memory-scope",
    read: (view) => {
      const grew = trafficGrew(view);
      return climbsInSome(view)?.degree === 1 ? grew && reading(0, grew.facts) : grew;
    },
  },
  "memory-climbs-since-release": {
    what: "memory that climbs in every task since a deployment",
    family: "release",
    read: climbsSinceRelease,
  },
  "young-release": {
    what: "a deployment so young that nothing shows how memory was before",
    family: "release",
    read: youngRelease,
  },
  "memory-limit-lowered": {
    what: "a lowered memory limit",
    family: "diff",
    unexplained: 1.5,
    read: (view) => limitLowered(view, /memory/),
  },
  "appetite-raised": {
    what: "a changed setting of how much memory is taken",
    family: "diff",
    read: appetiteRaised,
  },
  "memory-after-failures": { what: "failures before memory rose", family: "order", read: followsFailures },
} as const satisfies Record<string, Sign>;
