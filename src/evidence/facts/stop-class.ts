/**
 * Classifies why a task stopped. Sources: ECS "Stopped task error codes" and "Why is my task stopped". Exit code 137
 * alone is not out-of-memory; only the reason says so.
 */
import type { StopClass } from "../../domain/evidence.ts";
import type { TaskDefinitionReading, TaskReading } from "../../domain/reading.ts";
import { endOf } from "./task-end.ts";

const REASONS: readonly (readonly [StopClass, RegExp])[] = [
  // Anchored at the start: the rest of a reason may quote registries, images and commands.
  ["out-of-memory", /^(?:OutOfMemory(?:Error)?:|Container killed due to memory usage)/im],
  // Before disk-full: an image that does not fit on the host is not cured by stopping tasks.
  ["image-pull-failed", /CannotPull(ECR)?Container|CannotPullImageManifest/i],
  ["disk-full", /no space left on device|insufficient ephemeral storage/i],
  ["initialization-failed", /ResourceInitializationError|Fetching secret data from/i],
  [
    "no-capacity",
    /Capacity is unavailable|EMPTY CAPACITY PROVIDER|No Container Instances were found|Thin Pool has \d+ free data blocks|Insufficient (cpu|memory)|RESOURCE:|vCPU.*limit|InsufficientFreeAddresses|network interface provisioning|^AGENT$/im,
  ],
  [
    "container-runtime-error",
    /Cannot(Start|Create|Inspect|Stop)Container|CannotCreateVolume|ContainerRuntime\w*Error|DockerTimeoutError/i,
  ],
  // A host that goes takes its tasks along, whatever the stop code.
  [
    "capacity-reclaimed",
    /^Host EC2 \(instance [^)]*\) (?:terminated|stopped)|^Your Spot Task was interrupted/im,
  ],
  ["failed-health-check", /failed (ELB|container) health checks/i],
  ["scaled-in-or-replaced", /Scaling activity initiated by/i],
];

/**
 * Classifies one stopped task by what ended it: the container, then exit code, stop code and reason. `definition` is the
 * one that the task ran, where it was read.
 */
export function classifyStop(task: TaskReading, definition?: TaskDefinitionReading): StopClass {
  const { explaining } = endOf(task, definition);
  // Whoever stops a task writes its reason, which is then no finding of ECS.
  const own = task.stopCode === "UserInitiated" ? "" : (task.stoppedReason ?? "");
  const text = [own, ...explaining.flatMap(({ reason }) => reason ?? [])].join("\n");
  const byReason = REASONS.find(([, pattern]) => pattern.test(text));
  if (byReason !== undefined) return byReason[0];
  const codes = explaining.flatMap(({ exitCode }) => exitCode ?? []);
  switch (task.stopCode) {
    case "SpotInterruption":
    case "TerminationNotice":
    case "InfrastructureHealth":
      return "capacity-reclaimed";
    case "UserInitiated":
      return codes.includes(137) ? "killed-after-stop-timeout" : "stopped-on-request";
    case "ServiceSchedulerInitiated":
      return "scaled-in-or-replaced";
    // Its reason is in none of the classes: ECS's own words are quoted as the cause.
    case "TaskFailedToStart":
      return "initialization-failed";
  }
  if (codes.some((code) => code !== 0 && code !== 143)) return "crashed";
  return task.stopCode === "EssentialContainerExited" && codes.includes(0) ? "exited-successfully" : "other";
}

/** Stops that indicate no problem: by people, deployments and scale-in. */
export const ORDINARY_STOPS: ReadonlySet<StopClass> = new Set([
  "stopped-on-request",
  "scaled-in-or-replaced",
  "killed-after-stop-timeout",
]);
