/** Running tasks one by one, stopped ones grouped by the reason. */
import type { StopClass } from "../../domain/evidence.ts";
import type { TaskDefinitionReading, TaskReading } from "../../domain/reading.ts";
import type { FactDraft } from "../source.ts";
import { clock, span } from "../times.ts";
import { shortDefinition } from "./definition-name.ts";
import { classifyStop, ORDINARY_STOPS } from "./stop-class.ts";
import { endedBeside, endOf, type TaskEnd } from "./task-end.ts";

/** The most running tasks with a fact of their own; the service fact has their number. */
const MAX_RUNNING = 100;

/** One fact for every running task, with the containers that it goes on without. `now` is in epoch milliseconds. */
export function runningTaskFacts(
  tasks: readonly TaskReading[],
  now: number,
  definitions: readonly TaskDefinitionReading[] = [],
): FactDraft[] {
  return tasks.slice(0, MAX_RUNNING).map((task) => {
    const ended = endedBeside(
      task,
      definitions.find(({ arn }) => arn === task.taskDefinition),
    );
    const without = ended
      .map(
        ({ name, exitCode, reason }) =>
          `, without container ${name} (exit ${exitCode}${reason ? `, ${reason}` : ""})`,
      )
      .join("");
    const age =
      task.startedAt === undefined ? undefined : Math.round((now - Date.parse(task.startedAt)) / 1000);
    return {
      kind: "running-task",
      provenance: "control-plane",
      ...(task.startedAt === undefined ? {} : { at: task.startedAt }),
      statement: `Task ${shortId(task.id)} is ${task.lastStatus}${age === undefined ? "" : `, ${span(age)} old`}${task.health === undefined || task.health === "UNKNOWN" ? "" : `, health ${task.health}`}${without}.`,
      data: {
        taskArn: task.arn,
        taskId: task.id,
        lastStatus: task.lastStatus,
        taskDefinition: shortDefinition(task.taskDefinition),
        ...(task.health === undefined ? {} : { health: task.health }),
        ...(task.startedAt === undefined ? {} : { startedAt: task.startedAt }),
        ...(age === undefined ? {} : { ageSeconds: age }),
        ...(ended.length === 0 ? {} : { ended: [...ended] }),
      },
    };
  });
}

interface Group {
  readonly class: StopClass;
  readonly tasks: TaskReading[];
  readonly definition: TaskDefinitionReading | undefined;
}

/**
 * Returns the tasks that stopped since `since` (epoch milliseconds), one fact for each kind of stop and revision.
 * `definitions` are those that were read; a task of another one is judged by its own words alone.
 */
export function stoppedTaskFacts(
  tasks: readonly TaskReading[],
  since: number,
  definitions: readonly TaskDefinitionReading[] = [],
): FactDraft[] {
  const groups = new Map<string, Group>();
  for (const task of tasks) {
    if (task.stoppedAt !== undefined && Date.parse(task.stoppedAt) < since) continue;
    const definition = definitions.find(({ arn }) => arn === task.taskDefinition);
    const stopClass = classifyStop(task, definition);
    const codes = task.containers.map((container) => container.exitCode ?? "-").join(",");
    const key = [stopClass, task.taskDefinition, codes].join("|");
    const group = groups.get(key) ?? { class: stopClass, tasks: [], definition };
    group.tasks.push(task);
    groups.set(key, group);
  }
  return [...groups.values()].map(toFact);
}

function toFact(group: Group): FactDraft {
  const times = group.tasks.flatMap((task) => task.stoppedAt ?? []).sort();
  const newest = group.tasks.toSorted((a, b) => (b.stoppedAt ?? "").localeCompare(a.stoppedAt ?? ""))[0];
  const lives = group.tasks.flatMap((task) =>
    task.startedAt !== undefined && task.stoppedAt !== undefined
      ? [(Date.parse(task.stoppedAt) - Date.parse(task.startedAt)) / 1000]
      : [],
  );
  const life = lives.sort((a, b) => a - b)[Math.floor(lives.length / 2)];
  const end: TaskEnd =
    newest === undefined ? { containers: [], explaining: [] } : endOf(newest, group.definition);
  const first = times[0];
  const last = times.at(-1);
  return {
    kind: "stopped-tasks",
    provenance: "control-plane",
    ...(last === undefined ? {} : { at: last }),
    statement: statement(group, newest, end, last, life),
    data: {
      class: group.class,
      count: group.tasks.length,
      taskIds: group.tasks.slice(0, 20).map((task) => task.id),
      taskDefinition: shortDefinition(newest?.taskDefinition ?? ""),
      containers: [...end.containers],
      ...(end.endedBy === undefined ? {} : { endedBy: end.endedBy.name }),
      ...(newest?.stopCode === undefined ? {} : { stopCode: newest.stopCode }),
      ...(newest?.stoppedReason === undefined ? {} : { stoppedReason: newest.stoppedReason }),
      ...(first === undefined ? {} : { firstAt: first }),
      ...(last === undefined ? {} : { lastAt: last }),
      ...(life === undefined ? {} : { medianLifeSeconds: life }),
    },
  };
}

function statement(
  group: Group,
  newest: TaskReading | undefined,
  { containers, endedBy }: TaskEnd,
  last: string | undefined,
  life: number | undefined,
): string {
  const count = `${group.tasks.length} task${group.tasks.length === 1 ? "" : "s"} stopped`;
  const exits = containers
    .map(
      ({ name, exitCode, reason, declared, unhealthy }) =>
        `${name}${declared === false ? " (not in the task definition)" : ""} exit ${exitCode ?? "none"}${unhealthy ? ", unhealthy" : ""}${reason ? ` (${reason})` : ""}`,
    )
    .join("; ");
  const when = last === undefined ? "" : `, last at ${clock(last)}`;
  const lived = life === undefined ? "" : `, after ${span(life)}`;
  const ordinary = ORDINARY_STOPS.has(group.class) ? ", an ordinary stop" : "";
  const by = endedBy === undefined || containers.length === 1 ? "" : `, ended by container ${endedBy.name}`;
  return `${count} (${group.class}${ordinary})${when}${lived}${by}: ${newest?.stopCode ?? "no stop code"}, "${newest?.stoppedReason ?? "no reason"}"${exits ? `; ${exits}` : ""}.`;
}

/** The first eight characters, as the console shows them. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
