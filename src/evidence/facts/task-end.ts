/**
 * Tells which container ended a task. Sources: ECS "Stopped task error codes", "Why is my task stopped", and
 * `essential` of API_ContainerDefinition: a task stops when an essential container stops.
 */
import type {
  ContainerDefinitionReading,
  ContainerReading,
  TaskDefinitionReading,
  TaskReading,
} from "../../domain/reading.ts";

/** A container as the task had it, with what its task definition says of it. */
export interface EndedContainer {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
  /** From the task definition; undefined where that is not known. */
  readonly essential?: boolean;
  /** False for a container that is not in the task definition: another service put it beside the task. */
  readonly declared?: boolean;
  /** Of the container, or of the task where the container has none. MiB. */
  readonly memoryLimitMiB?: number;
  readonly limitOf?: "container" | "task";
  /** True for one that opens no port beside one that does: it helps the application, and is not it. */
  readonly sidecar?: boolean;
  /** True for one that failed its own health check. */
  readonly unhealthy?: boolean;
}

export interface TaskEnd {
  readonly containers: readonly EndedContainer[];
  /** Those whose words and exit codes can say why the task ended. */
  readonly explaining: readonly EndedContainer[];
  /** The one container whose end stopped the task, where it can be told. */
  readonly endedBy?: EndedContainer;
}

/** Returns the containers of a task that runs which have ended: the task goes on without what is not essential. */
export function endedBeside(
  task: TaskReading,
  definition?: TaskDefinitionReading,
): readonly EndedContainer[] {
  return task.containers
    .filter(({ exitCode }) => exitCode !== undefined)
    .map((container) => described(container, task, definition))
    .filter(({ exitCode, reason }) => exitCode !== 0 || reason !== undefined);
}

/** Returns what ended a task; `definition` is the one that the task ran, where it was read. */
export function endOf(task: TaskReading, definition?: TaskDefinitionReading): TaskEnd {
  const containers = task.containers.map((container) => described(container, task, definition));
  const hasRun = containers.some(({ exitCode }) => exitCode !== undefined);
  const able = containers.filter(
    ({ declared, essential, exitCode, reason = "" }) =>
      declared !== false &&
      // One that never ran, beside others that did, did not keep the task from starting.
      !(hasRun && exitCode === undefined && NEVER_RAN.test(reason)) &&
      // What is not essential ends no task that has started.
      !(essential === false && task.stopCode !== "TaskFailedToStart"),
  );
  const endedBy =
    task.stopCode === "EssentialContainerExited" ? (injected(containers) ?? firstToEnd(able)) : undefined;
  return {
    containers,
    explaining: endedBy === undefined ? able : [endedBy],
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}

const NEVER_RAN = /^(?:CannotPull|CannotStart|CannotCreate)/i;

/** Once one essential container has ended, ECS stops the others: by SIGTERM, and by SIGKILL if they do not listen. */
const STOPPED_BY_ECS: ReadonlySet<number> = new Set([143, 137]);

/**
 * Returns the one container of another service that failed by itself while all of the task definition were only stopped
 * after it: the proxy of Service Connect is essential, and in no task definition.
 */
function injected(containers: readonly EndedContainer[]): EndedContainer | undefined {
  const own = containers.filter(({ declared }) => declared !== false);
  const onlyFollowed = own.every(({ exitCode, reason }) => exitCode === 143 && reason === undefined);
  const failed = containers.filter(
    ({ declared, exitCode }) =>
      declared === false && exitCode !== undefined && exitCode !== 0 && !STOPPED_BY_ECS.has(exitCode),
  );
  return onlyFollowed && failed.length === 1 ? failed[0] : undefined;
}

/** Returns the container whose end the others followed; undefined where several can have been first. */
function firstToEnd(containers: readonly EndedContainer[]): EndedContainer | undefined {
  const ended = containers.filter(({ exitCode }) => exitCode !== undefined);
  const likely = [
    ended.filter(({ reason }) => reason !== undefined),
    ended.filter(({ exitCode = 0 }) => exitCode !== 0 && !STOPPED_BY_ECS.has(exitCode)),
    ended.filter(({ exitCode }) => exitCode === 137),
    ended.filter(({ exitCode }) => exitCode === 0),
  ].find((some) => some.length > 0);
  return likely?.length === 1 ? likely[0] : undefined;
}

function described(
  container: ContainerReading,
  task: TaskReading,
  definition: TaskDefinitionReading | undefined,
): EndedContainer {
  const own = definition?.containers.find(({ name }) => name === container.name);
  const { name, exitCode, reason, health } = container;
  return {
    name,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(reason === undefined ? {} : { reason }),
    ...(definition === undefined ? {} : { declared: own !== undefined }),
    ...(own === undefined ? {} : { essential: own.essential }),
    ...limitOf(container, own, task, definition),
    ...(health === "UNHEALTHY" ? { unhealthy: true } : {}),
    ...(own !== undefined && isSidecar(own, definition?.containers ?? []) ? { sidecar: true } : {}),
  };
}

function isSidecar(own: ContainerDefinitionReading, all: readonly ContainerDefinitionReading[]): boolean {
  return own.ports.length === 0 && all.some(({ ports }) => ports.length > 0);
}

function limitOf(
  container: ContainerReading,
  own: ContainerDefinitionReading | undefined,
  task: TaskReading,
  definition: TaskDefinitionReading | undefined,
): Pick<EndedContainer, "memoryLimitMiB" | "limitOf"> {
  const hard = container.memoryMiB ?? own?.memoryMiB;
  if (hard !== undefined) return { memoryLimitMiB: hard, limitOf: "container" };
  const whole = task.memoryMiB ?? mebibytes(definition?.memory);
  return whole === undefined ? {} : { memoryLimitMiB: whole, limitOf: "task" };
}

/** Reads a size as ECS writes it, in MiB without a unit. */
function mebibytes(text = ""): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}
