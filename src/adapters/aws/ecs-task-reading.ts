import { createHmac, randomBytes } from "node:crypto";
import type { Container, ContainerDefinition, Tag, Task, TaskDefinition } from "@aws-sdk/client-ecs";
import type {
  ContainerDefinitionReading,
  ContainerReading,
  ContainerRole,
  TaskDefinitionReading,
  TaskReading,
} from "../../domain/reading.ts";
import { containerRoles } from "./container-role.ts";
import { defined, isoTime } from "./defined.ts";
import { logDestination } from "./log-destination.ts";
import { reversibleTag } from "./service-shape-reading.ts";

/** Converts ECS's description of a task. Its overrides are left out, since they hold environment values. */
export function toTaskReading(task: Task): TaskReading {
  const arn = task.taskArn ?? "";
  return defined({
    arn,
    id: arn.slice(arn.lastIndexOf("/") + 1),
    lastStatus: task.lastStatus ?? "UNKNOWN",
    desiredStatus: task.desiredStatus ?? "UNKNOWN",
    health: task.healthStatus,
    taskDefinition: task.taskDefinitionArn ?? "",
    startedBy: task.startedBy,
    host: task.containerInstanceArn,
    createdAt: isoTime(task.createdAt),
    startedAt: isoTime(task.startedAt),
    stoppedAt: isoTime(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    memoryMiB: mebibytes(task.memory),
    containers: (task.containers ?? []).map(toContainerReading),
  });
}

function toContainerReading(container: Container): ContainerReading {
  return defined({
    name: container.name ?? "",
    memoryMiB: mebibytes(container.memory),
    exitCode: container.exitCode,
    reason: container.reason,
    health: container.healthStatus,
    hostPort: container.networkBindings?.[0]?.hostPort,
    privateAddress: container.networkInterfaces?.[0]?.privateIpv4Address,
    runtimeId: container.runtimeId,
  });
}

/** ECS writes sizes in MiB as text without a unit, and 0 for none. */
function mebibytes(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

/** Converts ECS's description of a task definition. Of environment and secrets names and fingerprints are kept. */
export function toTaskDefinitionReading(
  definition: TaskDefinition,
  tags?: readonly Tag[],
): TaskDefinitionReading {
  const containers = definition.containerDefinitions ?? [];
  const roles = containerRoles(definition);
  return defined({
    arn: definition.taskDefinitionArn ?? "",
    family: definition.family ?? "",
    revision: definition.revision ?? 0,
    status: definition.status,
    cpu: definition.cpu,
    memory: definition.memory,
    networkMode: definition.networkMode,
    taskRole: roleName(definition.taskRoleArn),
    executionRole: roleName(definition.executionRoleArn),
    volumes: definition.volumes?.length ? definition.volumes.flatMap(({ name }) => name ?? []) : undefined,
    registeredAt: isoTime(definition.registeredAt),
    reversibleTag: reversibleTag(tags),
    containers: containers.map((container, index) =>
      toContainerDefinitionReading(container, roles[index], containers),
    ),
  });
}

function toContainerDefinitionReading(
  container: ContainerDefinition,
  role: ContainerRole | undefined,
  containers: readonly ContainerDefinition[],
): ContainerDefinitionReading {
  return defined({
    name: container.name ?? "",
    image: container.image ?? "",
    essential: container.essential ?? true,
    cpu: container.cpu,
    memoryMiB: container.memory,
    memoryReservationMiB: container.memoryReservation,
    environmentNames: (container.environment ?? []).flatMap(({ name }) => name ?? []),
    secretNames: (container.secrets ?? []).flatMap(({ name }) => name ?? []),
    environmentFingerprints: fingerprints(container.environment?.map(({ name, value }) => [name, value])),
    secretFingerprints: fingerprints(container.secrets?.map(({ name, valueFrom }) => [name, valueFrom])),
    ports: (container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    healthCheck: joined(container.healthCheck?.command),
    command: joined(container.command),
    logs: logDestination(container, containers),
    role: role === "application" ? undefined : role,
  });
}

/** Forgotten with the process: a fingerprint that leaks tells nothing, whatever is guessed. */
const FINGERPRINT_KEY = randomBytes(32);

/** Returns a keyed hash of each setting's value, so that two definitions read by this process can be compared. */
function fingerprints(
  settings: readonly (readonly [name: string | undefined, value: string | undefined])[] | undefined,
): Readonly<Record<string, string>> | undefined {
  const known = (settings ?? []).flatMap(([name, value]) =>
    name === undefined || value === undefined ? [] : [[name, fingerprint(value)] as const],
  );
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function fingerprint(value: string): string {
  return createHmac("sha256", FINGERPRINT_KEY).update(value).digest("base64url").slice(0, 16);
}

/** Returns the role's name from an ARN or a name. */
function roleName(arn: string | undefined): string | undefined {
  return arn ? arn.slice(arn.lastIndexOf("/") + 1) : undefined;
}

function joined(words: readonly string[] | undefined): string | undefined {
  return words && words.length > 0 ? words.join(" ") : undefined;
}
