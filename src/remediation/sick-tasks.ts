/** Which running tasks are sick, told from what AWS says of them. Pure. */
import type { Cause } from "../domain/cause.ts";
import { type Evidence, factsOf, type TaskRole } from "../domain/evidence.ts";
import { ORDINARY_STOPS } from "../evidence/facts/stop-class.ts";
import { leakingByAge, oldestFirst } from "./leak-by-age.ts";
import { isMemoryHigh, sickPercent, taskSeries } from "./sick-levels.ts";
import { type RunningTask, type Sick, type SickTask, sickTask } from "./suspects.ts";

/**
 * A task with this many times the load of the median of its siblings is an outlier; doubling is far outside task
 * noise.
 */
const OUTLIER_RATIO = 1.8;

/**
 * Finds the sick ones of the running tasks for a cause: by each task's own metrics and health; for a leak without
 * such metrics by what the service's series and the ages of its tasks leave open.
 */
export function findSickTasks(evidence: Evidence, cause: Cause, running: readonly RunningTask[]): Sick {
  const own = sickByThemselves(evidence, cause, running);
  if (own.length > 0) return { ok: true, tasks: distinct(own) };
  const leaks = cause === "memory-leak" || cause === "oom-kill";
  if (leaks && taskSeries(evidence, "task-memory").length === 0 && isMemoryHigh(evidence)) {
    return leakingByAge(evidence, running);
  }
  const fillsUp = FILLS_UP[cause];
  const [oldest] = oldestFirst(running);
  if (fillsUp !== undefined && oldest !== undefined && taskSeries(evidence, "task-disk").length === 0) {
    const doubt = `Nothing tells in which of ${running.length} tasks ${fillsUp}. The oldest has had the longest: a person decides whether it is restarted.`;
    return { ok: true, tasks: [sickTask(oldest, `the oldest task, where ${fillsUp} first`)], doubt };
  }
  return { ok: false, reason: nobodyIsSick(evidence) };
}

/** What a task runs out of the longer it lives, where no metric of a task tells; as a clause. */
const FILLS_UP: Readonly<Partial<Record<Cause, string>>> = {
  "connection-leak": "connections run out",
  "disk-full": "the disk is full",
};

/** Says that those that failed were replaced only where stops show it, and as many run as should. */
function nobodyIsSick(evidence: Evidence): string {
  const failed = factsOf(evidence, "stopped-tasks")
    .filter(({ data }) => !ORDINARY_STOPS.has(data.class))
    .reduce((sum, { data }) => sum + data.count, 0);
  const service = factsOf(evidence, "service")[0]?.data;
  const complete = service !== undefined && service.running >= service.desired && service.pending === 0;
  if (failed === 0 || !complete) return "No running task is sick now.";
  return failed === 1
    ? "No running task is sick now; the one that failed was already replaced."
    : `No running task is sick now; the ${failed} that failed were already replaced.`;
}

/** A task listed twice is stopped once. */
function distinct(tasks: readonly SickTask[]): SickTask[] {
  return [...new Map(tasks.toReversed().map((task) => [task.taskArn, task])).values()].toReversed();
}

function sickByThemselves(evidence: Evidence, cause: Cause, running: readonly RunningTask[]): SickTask[] {
  switch (cause) {
    case "hung-task":
    case "connection-leak":
      return unhealthyTasks(evidence, running);
    case "disk-full": {
      const full = loadedTasks(evidence, running, "task-disk", "disk");
      return full.length > 0 ? full : unhealthyTasks(evidence, running);
    }
    case "cpu-saturation":
      return loadedTasks(evidence, running, "task-cpu", "CPU");
    default: {
      const loaded = loadedTasks(evidence, running, "task-memory", "memory");
      return loaded.length > 0 ? loaded : unhealthyTasks(evidence, running);
    }
  }
}

function unhealthyTasks(evidence: Evidence, running: readonly RunningTask[]): SickTask[] {
  const byTarget = new Map(
    factsOf(evidence, "target-health")
      .filter((fact) => fact.data.state === "unhealthy" && fact.data.taskId !== undefined)
      .map((fact) => [fact.data.taskId, fact.data.reason ?? "failed health checks"]),
  );
  return running.flatMap((task) => {
    const reason =
      byTarget.get(task.data.taskId) ??
      (task.data.health === "UNHEALTHY" ? "container health check failed" : undefined);
    return reason === undefined ? [] : [sickTask(task, `unhealthy: ${reason}`)];
  });
}

function loadedTasks(
  evidence: Evidence,
  running: readonly RunningTask[],
  role: TaskRole,
  word: string,
): SickTask[] {
  const levels = taskSeries(evidence, role).flatMap((fact) => {
    const task = running.find((candidate) => candidate.data.taskId === fact.data.taskId);
    return task === undefined ? [] : [{ task, level: fact.data.summary.current }];
  });
  const threshold = sickPercent(evidence, role);
  return levels
    .filter(({ task, level }) => {
      const others = levels.filter((other) => other.task !== task).map((other) => other.level);
      const typical = role === "task-disk" ? undefined : median(others);
      const stands = typical !== undefined && level > OUTLIER_RATIO * typical && level > threshold / 2;
      return level > threshold || stands;
    })
    .sort((a, b) => b.level - a.level)
    .map(({ task, level }) => sickTask(task, `${word} at ${level.toFixed(0)} % of its limit`));
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
