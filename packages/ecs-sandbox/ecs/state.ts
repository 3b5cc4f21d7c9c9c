import { readText } from "../wire/input.ts";
import { WireError } from "../wire/service.ts";
import { arnOf, type World } from "../world.ts";
import type { Cluster, Deployment, Service, Task, TaskDefinition } from "./model.ts";

/** Everything that the sandbox's ECS holds in memory. */
export interface EcsState {
  readonly world: World;
  readonly clusters: Map<string, Cluster>;
  /** Revisions by family, oldest first. */
  readonly taskDefinitions: Map<string, TaskDefinition[]>;
  /** By ARN. */
  readonly services: Map<string, Service>;
  /** By ARN, stopped ones included until they are an hour old. */
  readonly tasks: Map<string, Task>;
}

/** An empty ECS. */
export function createState(world: World): EcsState {
  return { world, clusters: new Map(), taskDefinitions: new Map(), services: new Map(), tasks: new Map() };
}

/** The last segment of an ARN, or the name itself. */
export function shortName(nameOrArn: string): string {
  return nameOrArn.split("/").at(-1) ?? nameOrArn;
}

/** The cluster that a request names (`default` when it names none). Throws `ClusterNotFoundException`. */
export function findCluster(state: EcsState, input: Readonly<Record<string, unknown>>): Cluster {
  const asked = readText(input, "cluster") ?? "default";
  const cluster = state.clusters.get(shortName(asked));
  if (!cluster || (asked.startsWith("arn:") && asked !== cluster.arn)) {
    throw new WireError("ClusterNotFoundException", "Cluster not found.");
  }
  return cluster;
}

/** A service of this cluster by name or ARN, whatever its status. */
export function lookUpService(state: EcsState, cluster: Cluster, nameOrArn: string): Service | undefined {
  const arn = arnOf(state.world, "ecs", `service/${cluster.name}/${shortName(nameOrArn)}`);
  const service = state.services.get(arn);
  return nameOrArn.startsWith("arn:") && nameOrArn !== arn ? undefined : service;
}

/** An active service of this cluster. Throws `ServiceNotFoundException` or `ServiceNotActiveException`. */
export function findService(state: EcsState, cluster: Cluster, nameOrArn: string): Service {
  const service = lookUpService(state, cluster, nameOrArn);
  if (!service) throw new WireError("ServiceNotFoundException", "Service not found.");
  if (service.status !== "ACTIVE") {
    throw new WireError("ServiceNotActiveException", "Service was not ACTIVE.");
  }
  return service;
}

/** A task definition by `family`, `family:revision` or ARN. Throws `ClientException`. */
export function findTaskDefinition(state: EcsState, reference: string): TaskDefinition {
  const [family = "", revision] = shortName(reference).split(":");
  const revisions = state.taskDefinitions.get(family) ?? [];
  const found =
    revision === undefined ? revisions.at(-1) : revisions.find((one) => one.revision === Number(revision));
  if (!found) throw new WireError("ClientException", "Unable to describe task definition.");
  return found;
}

/** The tasks of a service, stopped ones included. */
export function tasksOf(state: EcsState, service: Service): Task[] {
  return [...state.tasks.values()].filter((task) => task.service === service);
}

/** The tasks of a service that are meant to run. */
export function liveTasksOf(state: EcsState, service: Service): Task[] {
  return tasksOf(state, service).filter((task) => task.desiredStatus === "RUNNING");
}

/** The deployment that a service is on or moving to. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.role === "PRIMARY");
}
