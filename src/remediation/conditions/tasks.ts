/** Conditions on the tasks: whether one stands apart, and whether a fresh one would fare better. */
import { type Evidence, type FactOf, factsOf, metricsOf } from "../../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../../domain/limits.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { type Condition, no, notKnown, partly, yes } from "./condition.ts";

type Task = FactOf<"running-task">;

/** Share of the hot level below which the others are cool, and below which they have room at least. */
const COOL_SHARE = 0.5;
const ROOM_SHARE = 0.75;

export const oneTaskIsHot: Condition = {
  name: "one-task-is-hot",
  asks: "one task is hot and the others are cool",
  read: (trusted) => {
    const levels = metricsOf(trusted, "task-cpu").map(({ data }) => data.summary.current);
    if (levels.length < 2) return notKnown("CPU of several tasks is not measured");
    const hot = levels.filter((level) => level > HOT_CPU_PERCENT);
    if (hot.length !== 1) return no(`${hot.length} of ${levels.length} tasks are hot`);
    const [, next = 0] = levels.toSorted((a, b) => b - a);
    const says = `one task is at ${hot[0]?.toFixed(0)} % CPU, the next at ${next.toFixed(0)} %`;
    if (next < COOL_SHARE * HOT_CPU_PERCENT) return yes(says);
    return next < ROOM_SHARE * HOT_CPU_PERCENT ? partly(says) : no(says);
  },
};

export function runningTasks(trusted: Evidence): Task[] {
  return factsOf(trusted, "running-task").filter(({ data }) => data.lastStatus === "RUNNING");
}

export function failsChecks(task: Task, trusted: Evidence): boolean {
  const targets = factsOf(trusted, "target-health").filter(({ data }) => data.taskId === task.data.taskId);
  return task.data.health === "UNHEALTHY" || targets.some(({ data }) => data.state === "unhealthy");
}

export const othersAreWell: Condition = {
  name: "others-are-well",
  asks: "other tasks pass their checks",
  read: (trusted) => {
    const tasks = runningTasks(trusted);
    if (tasks.length === 0) return notKnown("no running task could be read");
    const well = tasks.filter((task) => !failsChecks(task, trusted)).length;
    if (well > 0) return yes(`${well} of ${tasks.length} tasks pass their checks`);
    return tasks.length === 1
      ? partly("it is the only task, so there is no other to compare it with")
      : no(`all ${tasks.length} tasks fail their checks`);
  },
};

/** Stops earlier than this before the onset are unrelated. Milliseconds. */
const RELEVANT_MS = 15 * 60_000;

/** ECS replaced so many tasks for failed checks and the failure came back: one more cures nothing. */
const IN_VAIN = 2;

export const replacedInVain: Condition = {
  name: "replaced-in-vain",
  asks: "ECS replaced tasks for failed checks and the failure came back",
  read: (trusted) => {
    const replaced = factsOf(trusted, "stopped-tasks")
      .filter(({ data }) => data.class === "failed-health-check")
      .filter(({ data }) => !(Date.parse(data.lastAt ?? "") < Date.parse(trusted.onset) - RELEVANT_MS))
      .reduce((most, { data }) => Math.max(most, data.count), 0);
    return replaced >= IN_VAIN
      ? yes(`ECS replaced ${replaced} tasks for failed checks already`)
      : no("ECS did not replace tasks in vain");
  },
};

export const mostAnswersSlow: Condition = {
  name: "most-answers-slow",
  asks: "most answers are late, so that more than one task is affected",
  read: (trusted) => {
    const [median] = metricsOf(trusted, "latency-p50");
    if (median === undefined || median.data.noDataSince !== undefined)
      return notKnown("the usual latency is not measured");
    return isRaised(median) ? yes("half of all answers are late") : no("most answers are as fast as before");
  },
};

/** A task that runs out of memory within this time of its start will do so again. Seconds. */
const SHORT_LIFE_SECONDS = 120;

export const freshTaskLasts: Condition = {
  name: "fresh-task-lasts",
  asks: "a fresh task runs for more than two minutes before it is killed",
  read: (trusted) => {
    const [kill] = factsOf(trusted, "stopped-tasks").filter(({ data }) => data.class === "out-of-memory");
    if (kill === undefined) return notKnown("no task was killed for lack of memory");
    const life = kill.data.medianLifeSeconds;
    if (life !== undefined && life >= SHORT_LIFE_SECONDS) {
      return yes(`the killed tasks had run for ${Math.round(life)} s`);
    }
    const siblings = runningTasks(trusted).filter(
      ({ data }) => data.taskDefinition === kill.data.taskDefinition,
    );
    const outlived = siblings.filter(
      (task) => (ageOf(task, trusted) ?? 0) > Math.max(life ?? 0, SHORT_LIFE_SECONDS),
    );
    if (kill.data.count === 1 && outlived.length > siblings.length / 2) {
      return yes(`${outlived.length} tasks of the same revision live on`);
    }
    return life === undefined
      ? notKnown("how long the killed tasks had run is not known")
      : no(`tasks are killed ${Math.round(life)} s after their start`);
  },
};

/** Returns the age of a task in seconds; undefined where its start is not known. */
export function ageOf({ data }: Task, { observedAt }: Evidence): number | undefined {
  if (data.ageSeconds !== undefined) return data.ageSeconds;
  return data.startedAt === undefined
    ? undefined
    : (Date.parse(observedAt) - Date.parse(data.startedAt)) / 1000;
}
