import type { Service, Task, TaskDefinition } from "./model.ts";
import * as wording from "./wording.ts";

/** The one container instance of the sandbox. */
export const containerInstanceId = "5f1e9c0d2b3a4e6f8091a2b3c4d5e6f7";

/**
 * Returns the service event for a task that does not fit beside these running ones, or undefined when it fits. A
 * Fargate service meets AWS's own capacity or its quota, a service on instances the limits of its instance.
 */
export function placementProblem(
  service: Service,
  definition: TaskDefinition,
  occupants: readonly Task[],
): string | undefined {
  const room = service.cluster.capacity;
  if (!room) return undefined;
  const used = occupants.map((task) => reservationOf(task.definition));
  const wanted = reservationOf(definition);
  const lacks = (limit: number | undefined, pick: (size: Reservation) => number) =>
    limit !== undefined && used.reduce((sum, size) => sum + pick(size), pick(wanted)) > limit;
  const tooManyTasks = room.tasks !== undefined && occupants.length + 1 > room.tasks;
  const noMemory = lacks(room.memory, (size) => size.memory);
  const noCpu = lacks(room.cpu, (size) => size.cpu);
  if (!tooManyTasks && !noMemory && !noCpu) return undefined;

  if (service.launchType === "FARGATE") {
    return wording.unableToPlace(
      service.name,
      tooManyTasks ? wording.taskLimitReached : wording.capacityUnavailable,
    );
  }
  if (room.tasks === 0) return wording.noContainerInstance(service.name);
  const detail = noMemory
    ? "has insufficient memory available"
    : noCpu
      ? "has insufficient CPU units available"
      : 'encountered error "RESOURCE:ENI"';
  return wording.noInstanceFits(service.name, containerInstanceId, detail);
}

interface Reservation {
  readonly cpu: number;
  readonly memory: number;
}

/**
 * What a task reserves: CPU units and MiB. A soft memory limit counts before the hard one.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster_reservation.html
 */
export function reservationOf(definition: TaskDefinition): Reservation {
  const { containers } = definition;
  return {
    cpu: definition.cpu ?? containers.reduce((sum, one) => sum + one.cpu, 0),
    memory:
      definition.memory ??
      containers.reduce((sum, one) => sum + (one.memoryReservation ?? one.memory ?? 0), 0),
  };
}
