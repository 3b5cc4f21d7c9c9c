import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../../world.ts";
import type { Image, ImageRegistry } from "../images.ts";
import type { Container, ServiceRevision, Task } from "../model.ts";
import type { SecretStore } from "../secrets.ts";
import * as wording from "../wording.ts";
import type { ContainerInput } from "./container-start.ts";
import { createTaskDisk } from "./task-disk.ts";

/** What a task needs before a container of it can start, or why it cannot be had. */
export type TaskResources =
  | { readonly kind: "ready"; readonly inputs: ReadonlyMap<Container, ContainerInput> }
  | { readonly kind: "failed"; readonly reason: string };

/** Where a task gets its images and secrets from. */
export interface ResourceDeps {
  readonly world: World;
  readonly images: ImageRegistry;
  readonly secrets: SecretStore;
}

/** How long a registry that does not answer is waited for. AWS waits for minutes. */
const pullTimeoutMs = 1500;

/**
 * Reads the secrets of a task, pulls its images and makes its disk, in that order, as the ECS agent does. A container
 * that is not essential and has no image is left out.
 */
export async function prepareTask(
  task: Task,
  revision: ServiceRevision,
  deps: ResourceDeps,
): Promise<TaskResources> {
  const secrets = new Map<Container, Readonly<Record<string, string>>>();
  for (const container of task.containers) {
    const values: Record<string, string> = {};
    for (const { name, valueFrom } of container.definition.secrets) {
      const reading = deps.secrets.read(valueFrom);
      if (reading.kind === "failed")
        return { kind: "failed", reason: wording.cannotInitialize(reading.detail) };
      values[name] = reading.value;
    }
    secrets.set(container, values);
  }

  const inputs = new Map<Container, ContainerInput>();
  task.pullStartedAt = new Date(deps.world.now());
  for (const container of task.containers) {
    const pulled = await pull(container, revision, deps);
    if ("reason" in pulled) {
      container.reason = pulled.reason;
      if (container.definition.essential) return { kind: "failed", reason: pulled.reason };
      container.status = "STOPPED";
      continue;
    }
    inputs.set(container, { image: pulled.image, secrets: secrets.get(container) ?? {} });
  }
  task.pullStoppedAt = new Date(deps.world.now());
  const { ephemeralStorageGiB } = task.definition;
  const sizeInGiB =
    ephemeralStorageGiB ?? (task.service.launchType === "FARGATE" ? fargateDiskGiB : undefined);
  if (sizeInGiB !== undefined) task.disk = await createTaskDisk(sizeInGiB);
  return { kind: "ready", inputs };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
const fargateDiskGiB = 20;

async function pull(
  container: Container,
  revision: ServiceRevision,
  deps: ResourceDeps,
): Promise<{ readonly image: Image } | { readonly reason: string }> {
  const { name, image: reference } = container.definition;
  const result = deps.images.pull(reference, revision.imageDigests.get(name));
  if (result.kind === "refused") {
    if (result.problem === "timeout") await sleep(pullTimeoutMs);
    return { reason: wording.cannotPullContainer(reference, result.problem, deps.world) };
  }
  revision.imageDigests.set(name, result.digest);
  container.imageDigest = result.digest;
  return { image: result.image };
}
