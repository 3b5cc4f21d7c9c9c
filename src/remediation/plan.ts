/** Plans the exact change: tasks and counts come from evidence and policy, never from a model. */
import type { Cause } from "../domain/cause.ts";
import type { Plan } from "../domain/decision.ts";
import { type Evidence, type FactOf, factsOf, metricsOf, type TaskRole } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { isMemoryHigh, sickPercent, taskSeries } from "./sick-levels.ts";

/** A plan, or why there is none. `provenSick`: each task is sick by its own facts. */
export type Planned =
  | { readonly ok: true; readonly plan: Plan; readonly provenSick: boolean }
  | { readonly ok: false; readonly reason: string };

/**
 * A task with this many times the load of the median of its siblings is an outlier; doubling is far outside task
 * noise.
 */
const OUTLIER_RATIO = 1.8;

/** The tasks to stop, worst first, at most `limits.maxRestarts`. */
export function planRestart(evidence: Evidence, cause: Cause, policy: Policy): Planned {
  const running = factsOf(evidence, "running-task").filter((task) => task.data.lastStatus === "RUNNING");
  if (running.length === 0) return { ok: false, reason: "No running task is left to restart." };
  const sick = sickTasks(evidence, cause, running);
  const chosen = distinct(sick.length > 0 ? sick : oldestIfStillSick(evidence, cause, running));
  if (chosen.length === 0) {
    return { ok: false, reason: "No running task is sick now; those that failed were already replaced." };
  }
  const tasks = chosen.slice(0, policy.limits.maxRestarts);
  if (tasks.length === 0) return { ok: false, reason: "The policy lets no task be restarted." };
  return { ok: true, provenSick: sick.length > 0, plan: { action: "restart", tasks } };
}

/** Desired count plus the configured step, within autoscaling's and the policy's maximum. */
export function planScale(evidence: Evidence, policy: Policy): Planned {
  const service = factsOf(evidence, "service")[0];
  if (service === undefined) return { ok: false, reason: "The desired count could not be read." };
  const from = service.data.desired;
  const limits = factsOf(evidence, "scaling-limits")[0];
  const ceiling = Math.min(policy.limits.maxTasks, limits?.data.max ?? Number.POSITIVE_INFINITY);
  const to = Math.min(from + policy.limits.scaleStep, ceiling);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to)) {
    return { ok: false, reason: "The counts and limits to scale by are not whole numbers." };
  }
  if (to <= from)
    return { ok: false, reason: `The service already runs ${from} tasks, the most allowed is ${ceiling}.` };
  return { ok: true, provenSick: true, plan: { action: "scale", from, to } };
}

interface Chosen {
  taskArn: string;
  taskId: string;
  why: string;
}

/** A task listed twice is stopped once. */
function distinct(tasks: readonly Chosen[]): Chosen[] {
  return [...new Map(tasks.toReversed().map((task) => [task.taskArn, task])).values()].toReversed();
}

function sickTasks(evidence: Evidence, cause: Cause, running: readonly FactOf<"running-task">[]): Chosen[] {
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

function unhealthyTasks(evidence: Evidence, running: readonly FactOf<"running-task">[]): Chosen[] {
  const byTarget = new Map(
    factsOf(evidence, "target-health")
      .filter((fact) => fact.data.state === "unhealthy" && fact.data.taskId !== undefined)
      .map((fact) => [fact.data.taskId, fact.data.reason ?? "failed health checks"]),
  );
  return running.flatMap((task) => {
    const reason =
      byTarget.get(task.data.taskId) ??
      (task.data.health === "UNHEALTHY" ? "container health check failed" : undefined);
    return reason === undefined ? [] : [chosen(task, `unhealthy: ${reason}`)];
  });
}

function loadedTasks(
  evidence: Evidence,
  running: readonly FactOf<"running-task">[],
  role: TaskRole,
  word: string,
): Chosen[] {
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
    .map(({ task, level }) => chosen(task, `${word} at ${level.toFixed(0)} % of its limit`));
}

/** Without per-task metrics a leak is likeliest in the oldest task; only while the service still shows it. */
function oldestIfStillSick(
  evidence: Evidence,
  cause: Cause,
  running: readonly FactOf<"running-task">[],
): Chosen[] {
  const leaks = cause === "memory-leak" || cause === "oom-kill";
  if (!leaks || metricsOf(evidence, "task-memory").length > 0) return [];
  if (!isMemoryHigh(evidence)) return [];
  const [oldest] = running
    .filter((task) => task.data.startedAt !== undefined)
    .sort((a, b) => (a.data.startedAt ?? "").localeCompare(b.data.startedAt ?? ""));
  return oldest === undefined ? [] : [chosen(oldest, "the oldest task; a leak grows with age")];
}

function chosen(task: FactOf<"running-task">, why: string): Chosen {
  return { taskArn: task.data.taskArn, taskId: task.data.taskId, why };
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
