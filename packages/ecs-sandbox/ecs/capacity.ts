import { hexId } from "../world.ts";
import type { Cluster, ContainerInstance, Service, Task, TaskDefinition } from "./model.ts";
import * as wording from "./wording.ts";

/** The first container instance of a cluster. */
const containerInstanceId = "5f1e9c0d2b3a4e6f8091a2b3c4d5e6f7";

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
  if (service.launchType === "EC2" && placeableInstances(service.cluster).length === 0)
    return wording.noContainerInstance(service.name);
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
  const [closest] = placeableInstances(service.cluster);
  return wording.noInstanceFits(service.name, closest?.id ?? containerInstanceId, detail);
}

/** A host as the auto scaling group of a cluster starts it; `number` counts from 0. */
export function newInstance(number: number, registeredAt: Date): ContainerInstance {
  return {
    id: number === 0 ? containerInstanceId : hexId(32),
    ec2InstanceId: `i-0${hexId(16)}`,
    registeredAt,
    status: "ACTIVE",
    agentConnected: true,
  };
}

/** The hosts on which tasks can be placed: active, with an agent that is connected. */
export function placeableInstances({ instances }: Cluster): readonly ContainerInstance[] {
  return instances.filter(({ status, agentConnected }) => status === "ACTIVE" && agentConnected);
}

/** The host for the next task of a service: the one with the fewest of its tasks, then of all. */
export function chooseInstance(service: Service, occupants: readonly Task[]): ContainerInstance | undefined {
  if (service.launchType === "FARGATE") return undefined;
  const countOn = (instance: ContainerInstance, isCounted: (task: Task) => boolean) =>
    occupants.filter((task) => task.instance === instance && isCounted(task)).length;
  const [best] = placeableInstances(service.cluster).toSorted(
    (one, other) =>
      countOn(one, (task) => task.service === service) - countOn(other, (task) => task.service === service) ||
      countOn(one, () => true) - countOn(other, () => true),
  );
  return best;
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
