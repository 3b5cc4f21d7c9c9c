import { placeableInstances, placementProblem } from "./capacity.ts";
import type { TrafficShift } from "./deployment-model.ts";
import {
  beginRequestedRollback,
  breakerThreshold,
  completeDeployment,
  failDeployment,
  requestRollback,
} from "./deployments.ts";
import type { Deployment, Service, ServiceAction, Task } from "./model.ts";
import { type PlannedTask, planStep } from "./placement-plan.ts";
import { addEvent } from "./service-events.ts";
import { type EcsState, liveTasksOf, primaryOf, tasksOf } from "./state.ts";
import { faultOf, isHealthy, isStarting, type TargetRegistry } from "./tasks/task-health.ts";
import type { TaskLifecycle } from "./tasks/task-lifecycle.ts";
import { advanceShift, isShifting, weightsOf } from "./traffic-shift.ts";
import * as wording from "./wording.ts";

/** What the service scheduler needs. */
export interface SchedulerDeps {
  readonly state: EcsState;
  readonly registry: TargetRegistry;
  readonly lifecycle: TaskLifecycle;
}

/** The service scheduler. */
export interface Scheduler {
  /** Moves one service a step towards its desired state. */
  reconcile(service: Service): void;
  /** Counts a task that has ended against the deployment and the start rate of its service. */
  noteStopped(task: Task): void;
}

/** Keeps desired counts, replaces unhealthy tasks and moves rolling deployments forward. */
export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { state, registry, lifecycle } = deps;

  function reconcile(service: Service): void {
    if (service.status === "INACTIVE") return;
    if (service.schedulingStrategy === "DAEMON" && service.status === "ACTIVE")
      service.desiredCount = placeableInstances(service.cluster).length;
    noteHealthy(service);
    replaceUnhealthy(service);
    beginRequestedRollback(state, service);
    const deployment = primaryOf(service);
    if (deployment) step(service, deployment);
    settle(service);
    for (const { targetGroupArn, weight } of weightsOf(service)) registry.setWeight(targetGroupArn, weight);
  }

  function noteHealthy(service: Service): void {
    for (const task of liveTasksOf(state, service)) {
      if (task.everHealthy || !isHealthy(task, registry)) continue;
      task.everHealthy = true;
      service.failedStarts = 0;
      const deployment = service.deployments.find((one) => one.id === task.deploymentId);
      if (deployment) deployment.failedTasks = 0;
    }
  }

  /** Health checks count only after the grace period since the task started. */
  function replaceUnhealthy(service: Service): void {
    const graceMs = service.healthCheckGracePeriodSeconds * 1000;
    for (const task of liveTasksOf(state, service)) {
      const fault = faultOf(task, registry);
      const age = state.world.now() - (task.startedAt?.getTime() ?? state.world.now());
      if (!fault || age < graceMs) continue;
      if (fault.kind === "container") {
        addEvent(state.world, service, wording.unhealthyContainer(service.name, task.id));
        stop([task], wording.failedContainerHealthChecks);
        continue;
      }
      const { targetGroupArn, address } = fault.target;
      const target = { taskId: task.id, port: address.port, targetGroupArn };
      const event = wording.unhealthyTarget(service.name, target, fault.description);
      addEvent(state.world, service, event);
      stop([task], wording.failedElbHealthChecks(targetGroupArn));
    }
  }

  /** Both revisions keep the desired count until the traffic of the old one is gone and its bake is over. */
  function stepShift(service: Service, deployment: Deployment, shift: TrafficShift): void {
    const live = liveTasksOf(state, service);
    const source = service.deployments.find((one) => one.revision === deployment.source);
    const kept = [...(source ? [source] : []), ...(shift.stage === "PRE_SCALE_UP" ? [] : [deployment])];
    for (const one of kept) {
      const own = live.filter((task) => task.deploymentId === one.id);
      start(service, one, service.desiredCount - own.length);
      stop(own.slice(0, Math.max(0, own.length - service.desiredCount)), wording.scalingActivity(one.id));
    }
    const others = live.filter((task) => ![...kept, deployment].some((one) => one.id === task.deploymentId));
    stop(others, wording.scalingActivity(deployment.id));
    const fresh = live.filter((task) => task.deploymentId === deployment.id);
    const isScaledUp =
      fresh.length === service.desiredCount && fresh.every((task) => isHealthy(task, registry));
    const answer = advanceShift(shift, service.deploymentConfiguration, isScaledUp, state.world.now());
    if (answer === "rollback") {
      const reason = "Service deployment rolled back because a lifecycle hook timed out.";
      requestRollback(state, service, deployment, reason);
    }
  }

  function step(service: Service, deployment: Deployment): void {
    if (deployment.shift && isShifting(deployment)) {
      stepShift(service, deployment, deployment.shift);
      return;
    }
    const live = liveTasksOf(state, service);
    const plan = planStep({
      desiredCount: service.desiredCount,
      minimumHealthyPercent: service.deploymentConfiguration.minimumHealthyPercent,
      maximumPercent: service.deploymentConfiguration.maximumPercent,
      mayStart: deployment.rolloutState !== "FAILED",
      tasks: live.map(
        (task): PlannedTask => ({
          id: task.id,
          primary: task.deploymentId === deployment.id,
          healthy: isHealthy(task, registry),
        }),
      ),
    });
    const surplus = live.filter((task) => plan.stop.includes(task.id));
    if (surplus.length > 0) stop(surplus, wording.scalingActivity(deployment.id));
    start(service, deployment, plan.start);
  }

  function start(service: Service, deployment: Deployment, count: number): void {
    if (count <= 0 || state.world.now() < service.notBefore) return;
    const started = place(service, deployment, count);
    service.steady = false;
    if (started.length === 0) return;
    const ids = started.map((task) => task.id);
    addEvent(state.world, service, wording.startedTasks(nameOf(service, deployment.id), ids));
  }

  /** Launches as many tasks as fit. The event of an obstacle is written once, until a task is placed. */
  function place(service: Service, deployment: Deployment, count: number): Task[] {
    const launched: Task[] = [];
    while (launched.length < count) {
      const occupants = [...state.tasks.values()].filter(
        (task) => task.cluster === service.cluster && task.status !== "STOPPED",
      );
      const problem = placementProblem(service, deployment.revision.taskDefinition, occupants);
      if (problem !== undefined) {
        if (service.placementProblem !== problem)
          addEvent(state.world, service, problem, placementFailure(problem));
        service.placementProblem = problem;
        break;
      }
      delete service.placementProblem;
      launched.push(lifecycle.launch(service, deployment));
    }
    return launched;
  }

  function stop(tasks: readonly Task[], reason: string): void {
    const [first] = tasks;
    if (!first) return;
    for (const task of tasks) void lifecycle.stop(task, { code: "ServiceSchedulerInitiated", reason });
    first.service.steady = false;
    const ids = tasks.map((task) => task.id);
    const name = nameOf(first.service, first.deploymentId);
    addEvent(state.world, first.service, wording.stoppedTasks(name, ids));
  }

  function settle(service: Service): void {
    const tasks = tasksOf(state, service).filter((task) => task.status !== "STOPPED");
    for (const deployment of service.deployments) {
      const remains = tasks.some((task) => task.deploymentId === deployment.id);
      if (deployment.role === "ACTIVE" && !remains) deployment.role = "INACTIVE";
    }
    const primary = primaryOf(service);
    if (service.status === "DRAINING" && tasks.length === 0) service.status = "INACTIVE";
    if (!primary || service.status !== "ACTIVE") return;

    const inPlace =
      tasks.length === service.desiredCount &&
      tasks.every((task) => task.deploymentId === primary.id && task.status === "RUNNING") &&
      !tasks.some((task) => isStarting(task, registry));
    if (!inPlace) {
      service.steady = false;
      return;
    }
    if (primary.rolloutState === "IN_PROGRESS" && tasks.every((task) => isHealthy(task, registry))) {
      completeDeployment(state, service, primary);
    }
    if (primary.rolloutState === "COMPLETED" && !service.steady) {
      service.steady = true;
      addEvent(state.world, service, wording.steadyState(service.name), {
        eventType: "INFO",
        eventName: "SERVICE_STEADY_STATE",
      });
    }
  }

  function noteStopped(task: Task): void {
    const { service } = task;
    const deployment = service.deployments.find((one) => one.id === task.deploymentId);
    const failedCheck =
      task.stopCode === "ServiceSchedulerInitiated" && /health checks/.test(task.stoppedReason ?? "");
    const broke = task.stopCode === "TaskFailedToStart" || task.stopCode === "EssentialContainerExited";
    // ECS does not throttle tasks that ran, but to place one takes it a while.
    if (broke) service.notBefore = Math.max(service.notBefore, state.world.now() + placementMs);
    if (task.everHealthy || !deployment || !(broke || failedCheck)) return;
    deployment.failedTasks += 1;
    service.failedStarts += 1;
    const delay = task.stopCode === "TaskFailedToStart" ? startDelay(service.failedStarts) : retryMs;
    service.notBefore = Math.max(service.notBefore, state.world.now() + delay);
    if (service.failedStarts === 5)
      addEvent(state.world, service, wording.unableToStartConsistently(service.name), {
        eventType: "WARN",
        eventName: "SERVICE_TASK_START_IMPAIRED",
      });
    const { circuitBreaker } = service.deploymentConfiguration;
    const limit = breakerThreshold(service.desiredCount);
    const isTrying = deployment.role === "PRIMARY" && deployment.rolloutState === "IN_PROGRESS";
    if (circuitBreaker.enable && isTrying && deployment.failedTasks >= limit) {
      failDeployment(state, service, deployment);
    }
  }

  return { reconcile, noteStopped };
}

/** How events name a service: with the task set that they are about, where it has some. */
function nameOf(service: Service, deploymentId: string): string {
  return service.deploymentController === "ECS" ? service.name : `${service.name}, taskSet ${deploymentId}`;
}

/**
 * ECS only slows down for tasks that never ran; for others a try takes as long as a placement and a start, which is
 * most of a minute there.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-throttle-logic.html
 */
const retryMs = 2000;

/** A metric that is sampled each second sees that a task is missing. */
const placementMs = 1000;

/** Doubles from half a second up to the 15 minutes at which ECS stops growing. */
function startDelay(failures: number): number {
  return Math.min(15 * 60_000, 250 * 2 ** Math.min(failures, 20));
}

/** The service action of a task that has no room; `problem` is its service event. */
function placementFailure(problem: string): ServiceAction {
  const missing = [
    ["memory", "RESOURCE:MEMORY"],
    ["CPU", "RESOURCE:CPU"],
    ["RESOURCE:ENI", "RESOURCE:ENI"],
    ["Capacity is unavailable", "RESOURCE:FARGATE"],
  ] as const;
  const reason = missing.find(([word]) => problem.includes(word))?.[1];
  return {
    eventType: "ERROR",
    eventName: "SERVICE_TASK_PLACEMENT_FAILURE",
    ...(reason !== undefined && { reason }),
  };
}
