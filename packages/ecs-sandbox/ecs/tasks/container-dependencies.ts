import { setTimeout as sleep } from "node:timers/promises";
import type { Container, ContainerDependency, Task } from "../model.ts";
import type { ContainerInput } from "./container-start.ts";

/** Containers in the order in which they may start: each after those that it waits for. A circle starts as declared. */
export function inStartOrder(
  inputs: ReadonlyMap<Container, ContainerInput>,
): readonly (readonly [Container, ContainerInput])[] {
  const ordered: (readonly [Container, ContainerInput])[] = [];
  const waiting = [...inputs];
  while (waiting.length > 0) {
    const names = new Set(waiting.map(([container]) => container.definition.name));
    const ready = waiting.findIndex(([{ definition }]) =>
      definition.dependsOn.every(({ containerName }) => !names.has(containerName)),
    );
    ordered.push(...waiting.splice(Math.max(0, ready), 1));
  }
  return ordered;
}

const lookEveryMs = 50;

/**
 * Waits until everything that a container depends on is as it asks. `failed`: it never will be. `ended`: the task ends.
 * There is no `startTimeout`.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
 */
export async function waitForDependencies(
  task: Task,
  container: Container,
  isEnding: () => boolean,
): Promise<"met" | "failed" | "ended"> {
  for (const dependency of container.definition.dependsOn) {
    const other = task.containers.find((one) => one.definition.name === dependency.containerName);
    for (;;) {
      if (isEnding()) return "ended";
      const state = other ? stateOf(dependency, other) : "failed";
      if (state === "failed") return "failed";
      if (state === "met") break;
      await sleep(lookEveryMs);
    }
  }
  return isEnding() ? "ended" : "met";
}

function stateOf({ condition }: ContainerDependency, other: Container): "met" | "failed" | "waiting" {
  const hasEnded = other.status === "STOPPED";
  if (hasEnded && other.exitCode === undefined) return "failed";
  switch (condition) {
    case "START":
      return other.status === "PENDING" ? "waiting" : "met";
    case "COMPLETE":
      return hasEnded ? "met" : "waiting";
    case "SUCCESS":
      if (!hasEnded) return "waiting";
      return other.exitCode === 0 ? "met" : "failed";
    case "HEALTHY":
      if (hasEnded || other.health === "UNHEALTHY") return "failed";
      return other.health === "HEALTHY" ? "met" : "waiting";
  }
}
