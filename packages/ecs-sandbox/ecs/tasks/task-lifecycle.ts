import { randomUUID } from "node:crypto";
import type { LogSink } from "../../telemetry/types.ts";
import { arnOf, hexId } from "../../world.ts";
import { chooseInstance } from "../capacity.ts";
import type { Container, Deployment, Service, ServiceRevision, StopCode, Task } from "../model.ts";
import { releasePort } from "../ports.ts";
import { addEvent } from "../service-events.ts";
import type { EcsState } from "../state.ts";
import * as wording from "../wording.ts";
import { inStartOrder, waitForDependencies } from "./container-dependencies.ts";
import { watchContainerHealth } from "./container-health.ts";
import { type ContainerRuntime, startTaskContainer } from "./container-start.ts";
import { type TargetRegistry, targetsOf } from "./task-health.ts";
import { prepareTask, type ResourceDeps } from "./task-resources.ts";

/** Why a task is stopped. */
interface StopCause {
  readonly code: StopCode;
  readonly reason: string;
}

/** The dependencies of the task lifecycle. `stopped` is called with every task that has ended. */
export interface LifecycleDeps extends ResourceDeps {
  readonly state: EcsState;
  readonly registry: TargetRegistry;
  readonly logs: LogSink;
  readonly changed: (service: Service) => void;
  readonly stopped: (task: Task) => void;
}

/** Starts and stops tasks. */
export interface TaskLifecycle {
  launch(service: Service, deployment: Deployment): Task;
  /** Drains the task's targets, then SIGTERM, then SIGKILL after `stopTimeout`. Resolves when it is STOPPED. */
  stop(task: Task, cause: StopCause): Promise<void>;
  /** Ends a task without warning, with the host under it. */
  loseHost(task: Task, reason: string): void;
  /** Ends a container that is over its memory limit. */
  killForMemory(container: Container): void;
  /** Kills every process at once and starts no more. Resolves when none is left. */
  close(): Promise<void>;
}

/** The lifecycle PENDING, RUNNING, DEACTIVATING, STOPPING, STOPPED over real processes. */
export function createTaskLifecycle(deps: LifecycleDeps): TaskLifecycle {
  const { state, registry } = deps;
  const now = () => new Date(state.world.now());
  const starting = new Map<Task, Promise<void>>();
  const watches = new Map<Task, (() => void)[]>();
  let closed = false;

  function change(task: Task): void {
    task.version += 1;
    deps.changed(task.service);
  }

  async function start(task: Task, revision: ServiceRevision): Promise<void> {
    const resources = await prepareTask(task, revision, deps);
    if (resources.kind === "failed") {
      fail(task, resources.reason);
      return;
    }
    const runtimes: ContainerRuntime[] = [];
    const endWatch: (() => void)[] = [];
    watches.set(task, endWatch);
    const isEnding = () => closed || task.desiredStatus === "STOPPED";
    for (const [container, input] of inStartOrder(resources.inputs)) {
      const waiting = await waitForDependencies(task, container, isEnding);
      if (waiting === "ended") return;
      if (waiting === "failed") {
        fail(task, wording.failedToStart);
        return;
      }
      const runtime = await startTaskContainer(task, container, input, deps.logs, state.world);
      if (runtime.startError !== undefined) {
        container.reason = wording.cannotStartContainer(runtime.startError);
        fail(task, container.reason);
        return;
      }
      runtimes.push(runtime);
      endWatch.push(watchContainerHealth(container, runtime.environment));
    }
    task.status = "RUNNING";
    task.startedAt = now();
    for (const target of targetsOf(task)) {
      registry.register(target.targetGroupArn, target.address);
      addEvent(
        state.world,
        task.service,
        wording.registeredTargets(task.service.name, 1, target.targetGroupArn),
      );
    }
    for (const runtime of runtimes) runtime.exited.then(() => onExit(task, runtime.container));
    change(task);
  }

  /** A task that never ran. ECS gives the reason of the container as the reason of the task. */
  function fail(task: Task, reason: string): void {
    if (task.desiredStatus === "STOPPED") return;
    void stop(task, { code: "TaskFailedToStart", reason });
  }

  function onExit(task: Task, container: Container): void {
    if (container.definition.essential && task.desiredStatus === "RUNNING") {
      void stop(task, { code: "EssentialContainerExited", reason: wording.essentialContainerExited });
    }
  }

  async function stop(task: Task, cause: StopCause): Promise<void> {
    if (task.desiredStatus === "STOPPED") return;
    task.desiredStatus = "STOPPED";
    task.stopCode = cause.code;
    task.stoppedReason = cause.reason;
    task.stoppingAt = now();
    if (cause.code !== "TaskFailedToStart") await starting.get(task);
    endWatches(task);
    if (task.status === "RUNNING") await drain(task);
    task.status = "STOPPING";
    change(task);
    await Promise.all(
      task.containers.map((container) => container.process?.stop(container.definition.stopTimeoutSeconds)),
    );
    for (const container of task.containers) {
      container.status = "STOPPED";
      for (const binding of container.bindings) releasePort(binding.hostPort);
    }
    task.disk?.remove();
    task.status = "STOPPED";
    task.stoppedAt = now();
    deps.stopped(task);
    change(task);
  }

  function endWatches(task: Task): void {
    for (const endWatch of watches.get(task) ?? []) endWatch();
    watches.delete(task);
  }

  async function drain(task: Task): Promise<void> {
    task.status = "DEACTIVATING";
    change(task);
    const targets = targetsOf(task);
    for (const target of targets) {
      addEvent(
        state.world,
        task.service,
        wording.deregisteredTargets(task.service.name, 1, target.targetGroupArn),
      );
    }
    await Promise.all(targets.map((target) => registry.deregister(target.targetGroupArn, target.address)));
  }

  return {
    launch(service, deployment) {
      const task = newTask(state, service, deployment);
      state.tasks.set(task.arn, task);
      starting.set(
        task,
        start(task, deployment.revision)
          .catch((error: unknown) => fail(task, wording.cannotStartContainer(String(error))))
          .finally(() => starting.delete(task)),
      );
      return task;
    },
    stop,
    loseHost(task, reason) {
      void stop(task, { code: "TerminationNotice", reason });
      for (const container of task.containers) container.process?.signal("SIGKILL");
    },
    killForMemory(container) {
      container.reason = wording.outOfMemory;
      container.process?.signal("SIGKILL");
    },
    async close() {
      closed = true;
      await Promise.all(starting.values());
      for (const task of [...watches.keys()]) endWatches(task);
      const processes = [...state.tasks.values()]
        .flatMap((task) => task.containers)
        .flatMap((container) => container.process ?? []);
      for (const process of processes) process.signal("SIGKILL");
      await Promise.all(processes.map((process) => process.exited));
      for (const task of state.tasks.values()) task.disk?.remove();
    },
  };
}

function newTask(state: EcsState, service: Service, deployment: Deployment): Task {
  const id = hexId(32);
  const definition = deployment.revision.taskDefinition;
  const { injected } = service.cluster;
  const occupants = [...state.tasks.values()].filter(
    (task) => task.cluster === service.cluster && task.desiredStatus === "RUNNING",
  );
  const instance = chooseInstance(service, occupants);
  return {
    arn: arnOf(state.world, "ecs", `task/${service.cluster.name}/${id}`),
    id,
    cluster: service.cluster,
    service,
    deploymentId: deployment.id,
    definition,
    usesAlternate: deployment.revision.usesAlternate,
    ...(instance && { instance }),
    containers: [...definition.containers, ...(injected === undefined ? [] : [injected])].map(
      (container) => ({
        arn: arnOf(state.world, "ecs", `container/${service.cluster.name}/${id}/${randomUUID()}`),
        runtimeId: hexId(64),
        definition: container,
        bindings: [],
        status: "PENDING",
        health: "UNKNOWN",
      }),
    ),
    createdAt: new Date(state.world.now()),
    version: 1,
    status: "PENDING",
    desiredStatus: "RUNNING",
    everHealthy: false,
  };
}
