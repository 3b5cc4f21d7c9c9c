/**
 * Which tasks leak, where no metric tells of each task (Container Insights without enhanced observability): from the
 * service's memory, the lowest of any task, which ECS reports for every service, and the tasks' ages. Pure.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service_utilization.html
 */
import { type Evidence, type FactOf, factsOf, metricsOf } from "../domain/evidence.ts";
import { clock, span } from "../evidence/times.ts";
import { type RunningTask, type Sick, sickTask } from "./suspects.ts";
import { mayJustify } from "./trusted.ts";

type Metric = FactOf<"metric">;

/** Periods by which the onset that is read from a series may be too early. */
const ONSET_PERIODS = 2;

/** Share of the climb that memory may fall back in between; more means that the task that climbed was replaced. */
const FALL_SHARE = 0.25;

/** Share of the service's climb that its lowest task's must have for all to leak alike; a warm-up has less. */
const ALIKE_SHARE = 0.5;

/** Tasks with this share of the oldest one's age have leaked for about as long. */
const EQUALLY_OLD_SHARE = 0.8;

/**
 * Returns the tasks that leak. One task alone, or the only one that ran when the climb began, is told; where all climb
 * alike, the oldest are worst. Else it is one of several, with a doubt that says so.
 */
export function leakingByAge(evidence: Evidence, running: readonly RunningTask[]): Sick {
  const [first, ...others] = oldestFirst(running);
  if (first === undefined) return { ok: false, reason: "No running task is left to restart." };
  if (others.length === 0) return told([first], "the only task, and memory climbs");
  const whole = metricsOf(evidence, "memory").find(mayJustify);
  const lowest = metricsOf(evidence, "memory-lowest").find(mayJustify);
  if (whole !== undefined && lowest !== undefined && climbAlike(whole, lowest)) {
    return oldestOfAll([first, ...others]);
  }
  const onset = whole === undefined ? undefined : unbrokenOnset(whole, evidence);
  const suspects = onset === undefined ? [] : ranAt(onset, [first, ...others], whole);
  const [only, ...more] = suspects;
  if (only !== undefined && more.length === 0 && onset !== undefined) {
    return told([only], `the only task that ran when memory began to climb at ${clock(onset)}`);
  }
  const possible = suspects.length > 0 ? suspects : [first, ...others];
  const eldest = clearlyOldest(possible);
  if (eldest !== undefined) {
    const why = "the oldest task, which has had the longest to leak";
    return {
      ok: true,
      tasks: [sickTask(eldest, why)],
      doubt: doubtOfOldest(possible.length, suspects.length > 0),
    };
  }
  const why = "may be the one that leaks";
  return { ok: true, tasks: possible.map((task) => sickTask(task, why)), doubt: doubtOf(possible.length) };
}

function doubtOf(possible: number): string {
  return `${unknownAmong(possible)} and their ages do not tell. A person decides whether all ${possible} are restarted, one after the other.`;
}

function doubtOfOldest(possible: number, ranThen: boolean): string {
  const ages = ranThen
    ? "all of them ran when memory began to climb"
    : "when the climb began is not clear, since it fell back or a task was killed";
  return `${unknownAmong(possible)} and ${ages}. The oldest has had the longest to leak: a person decides whether it is restarted.`;
}

function unknownAmong(possible: number): string {
  return `One of ${possible} tasks leaks, or more, and nothing tells which: there are no metrics of each task (Container Insights with enhanced observability is off)`;
}

/** The first task where it is clearly older than every other one. */
function clearlyOldest([first, ...others]: readonly RunningTask[]): RunningTask | undefined {
  const age = first?.data.ageSeconds;
  const alone = others.every(
    ({ data }) => data.ageSeconds !== undefined && data.ageSeconds < EQUALLY_OLD_SHARE * (age ?? 0),
  );
  return alone ? first : undefined;
}

/** Both series climb, the lower one about as far: then no task is spared. */
function climbAlike(whole: Metric, lowest: Metric): boolean {
  return isClimbing(lowest) && isClimbing(whole) && riseOf(lowest) >= ALIKE_SHARE * riseOf(whole);
}

function isClimbing({ data: { summary } }: Metric): boolean {
  return summary.direction === "up" && summary.shape !== "flat" && summary.shape !== "spike";
}

function riseOf({ data: { summary } }: Metric): number {
  return summary.current - summary.baseline;
}

/** The tasks that have leaked longest. A young one among old ones is not full yet. */
function oldestOfAll(tasks: readonly [RunningTask, ...RunningTask[]]): Sick {
  const [oldest] = tasks;
  const age = oldest.data.ageSeconds;
  const old = tasks.filter(
    ({ data }) => age === undefined || (data.ageSeconds ?? age) >= EQUALLY_OLD_SHARE * age,
  );
  const aged = age === undefined ? "" : `, ${span(age)} old`;
  return old.length === 1
    ? told(old, `memory of every task climbs, and this one is the oldest${aged}`)
    : told(old, "memory of every task climbs alike");
}

/** When the climb began; undefined where it fell back or a task ran out of memory since, so that another may climb now. */
function unbrokenOnset({ data }: Metric, evidence: Evidence): string | undefined {
  const { onset, baseline, max } = data.summary;
  if (onset === undefined || data.summary.direction !== "up") return undefined;
  const killed = factsOf(evidence, "stopped-tasks").some(
    (stop) => stop.data.class === "out-of-memory" && !((stop.data.lastAt ?? onset) < onset),
  );
  if (killed) return undefined;
  let peak = Number.NEGATIVE_INFINITY;
  for (const [at, level] of data.points) {
    if (at < Date.parse(onset)) continue;
    peak = Math.max(peak, level);
    if (peak - level > FALL_SHARE * (max - baseline)) return undefined;
  }
  return onset;
}

function ranAt(onset: string, tasks: readonly RunningTask[], whole: Metric | undefined): RunningTask[] {
  const latest = Date.parse(onset) + ONSET_PERIODS * (whole?.data.periodSeconds ?? 0) * 1000;
  return tasks.filter(({ data }) => data.startedAt === undefined || Date.parse(data.startedAt) <= latest);
}

/** Returns the tasks by age, each once; those whose start is not known come last. */
export function oldestFirst(tasks: readonly RunningTask[]): RunningTask[] {
  const distinct = [...new Map(tasks.map((task) => [task.data.taskArn, task])).values()];
  return distinct.sort((a, b) => (a.data.startedAt ?? "~").localeCompare(b.data.startedAt ?? "~"));
}

function told(tasks: readonly RunningTask[], why: string): Sick {
  return { ok: true, tasks: tasks.map((task) => sickTask(task, why)) };
}
