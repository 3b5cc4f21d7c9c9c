import type { Deployment } from "../ecs/model.ts";
import type { EcsState } from "../ecs/state.ts";
import { deploymentEvent, type EventSink, serviceActionEvent, taskEvent } from "./ecs-events.ts";

const INTERVAL = { milliseconds: 200 };

/**
 * Sends ECS events while it is on. A task that changes twice within an interval gives one event, with its last state.
 */
export interface EcsWatcher {
  /** Only changes after it was switched on are sent. */
  set(isOn: boolean): void;
}

/** Watches an ECS from outside. */
export function createEcsWatcher(state: EcsState, sink: EventSink): EcsWatcher {
  let versions = new Map<string, number>();
  let rollouts = new Map<string, string>();
  let told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  function look(send: EventSink): void {
    const seenVersions = new Map<string, number>();
    for (const task of state.tasks.values()) {
      seenVersions.set(task.arn, task.version);
      if (versions.get(task.arn) !== task.version) send(taskEvent(state.world, task));
    }
    const seenEvents = new Set<string>();
    const seenRollouts = new Map<string, string>();
    for (const service of state.services.values()) {
      for (const event of service.events.toReversed()) {
        if (!event.action) continue;
        seenEvents.add(event.id);
        if (!told.has(event.id)) send(serviceActionEvent(state.world, service, event));
      }
      for (const deployment of service.deployments) {
        seenRollouts.set(deployment.arn, deployment.rolloutState);
        const before = rollouts.get(deployment.arn);
        if (before === deployment.rolloutState) continue;
        if (before === undefined && deployment.rolloutState !== "IN_PROGRESS") {
          send(deploymentEvent(state.world, service, begun(deployment)));
        }
        send(deploymentEvent(state.world, service, deployment));
      }
    }
    versions = seenVersions;
    rollouts = seenRollouts;
    told = seenEvents;
  }

  return {
    set(isOn) {
      clearInterval(timer);
      timer = undefined;
      if (!isOn) return;
      look(() => {});
      timer = setInterval(() => look(sink), INTERVAL.milliseconds);
      timer.unref();
    },
  };
}

/** Returns a deployment as it began, for one that ended before it was read. */
function begun(deployment: Deployment): Deployment {
  return {
    ...deployment,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${deployment.id} in progress.`,
    updatedAt: deployment.createdAt,
  };
}
