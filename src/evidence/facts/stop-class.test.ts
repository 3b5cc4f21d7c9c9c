import { describe, expect, it } from "vitest";
import type { TaskReading } from "../../domain/reading.ts";
import { classifyStop, ORDINARY_STOPS } from "./stop-class.ts";

const stopped = (
  stopCode: string | undefined,
  stoppedReason: string,
  ...containers: { exitCode?: number; reason?: string }[]
): TaskReading => ({
  arn: "arn:aws:ecs:us-east-1:000000000000:task/production/a",
  id: "a",
  lastStatus: "STOPPED",
  desiredStatus: "STOPPED",
  taskDefinition: "shop:7",
  stoppedReason,
  containers: containers.map((container) => ({ name: "app", ...container })),
  ...(stopCode === undefined ? {} : { stopCode }),
});

const EXITED = "Essential container in task exited";

const NOT_PULLED =
  "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref agent:v1.5.0";

/** As AWS words them: "Stopped task error codes" and "Why is my task stopped". */
const WORDINGS: readonly [string, TaskReading][] = [
  [
    "out-of-memory",
    stopped("EssentialContainerExited", EXITED, {
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
    }),
  ],
  [
    "out-of-memory",
    stopped("EssentialContainerExited", "OutOfMemoryError: Container killed due to memory usage"),
  ],
  // A container that another service put beside the task, and that never ran, explains nothing.
  [
    "scaled-in-or-replaced",
    stopped(
      "ServiceSchedulerInitiated",
      "Scaling activity initiated by (deployment ecs-svc/4827393902375638291)",
      { exitCode: 143 },
      { reason: NOT_PULLED },
    ),
  ],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 1 }, { reason: NOT_PULLED })],
  [
    "failed-health-check",
    stopped(
      "ServiceSchedulerInitiated",
      "Task failed ELB health checks in (target-group web)",
      { exitCode: 137 },
      { reason: NOT_PULLED },
    ),
  ],
  ["image-pull-failed", stopped("TaskFailedToStart", "Task failed to start", { reason: NOT_PULLED }, {})],
  [
    "initialization-failed",
    stopped(
      "TaskFailedToStart",
      "Fetching secret data from AWS Secrets Manager in region us-east-1: AccessDeniedException: User is not authorized to perform: secretsmanager:GetSecretValue",
      {},
    ),
  ],
  [
    "no-capacity",
    stopped(
      "TaskFailedToStart",
      "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment enabled in subnet 'subnet-0abc': InsufficientFreeAddressesInSubnet",
      {},
    ),
  ],
  [
    "no-capacity",
    stopped("TaskFailedToStart", "Timeout waiting for network interface provisioning to complete.", {}),
  ],
  ["no-capacity", stopped("TaskFailedToStart", "AGENT", {})],
  ["initialization-failed", stopped("TaskFailedToStart", "TagPolicyViolation: the tag is not compliant", {})],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 137 })],
  ["killed-after-stop-timeout", stopped("UserInitiated", "Task stopped by user", { exitCode: 137 })],
  ["scaled-in-or-replaced", stopped("ServiceSchedulerInitiated", "Task stopped", { exitCode: 137 })],
  ["stopped-on-request", stopped("UserInitiated", "OpsAgent inc-1: oom-kill", { exitCode: 143 })],
  ["other", stopped("EssentialContainerExited", EXITED, { exitCode: 143 })],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 1 })],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 134 })],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 139 })],
  ["crashed", stopped("EssentialContainerExited", EXITED, { exitCode: 0 }, { exitCode: 1 })],
  ["exited-successfully", stopped("EssentialContainerExited", EXITED, { exitCode: 0 })],
  [
    "image-pull-failed",
    stopped(
      "TaskFailedToStart",
      "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref shop:9: not found",
    ),
  ],
  ["image-pull-failed", stopped("TaskFailedToStart", "CannotPullECRContainerError: AccessDeniedException")],
  ["image-pull-failed", stopped("TaskFailedToStart", "CannotPullImageManifestError: context canceled")],
  [
    "image-pull-failed",
    stopped(
      "TaskFailedToStart",
      "CannotPullContainerError: failed to register layer: write /usr/lib/x: no space left on device",
    ),
  ],
  [
    "initialization-failed",
    stopped(
      "TaskFailedToStart",
      "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed",
    ),
  ],
  [
    "initialization-failed",
    stopped(
      "TaskFailedToStart",
      "ResourceInitializationError: failed to validate logger args: create stream",
    ),
  ],
  ...[
    "CannotStartContainerError",
    "CannotCreateContainerError",
    "CannotInspectContainerError",
    "CannotStopContainerError",
    "ContainerRuntimeTimeoutError",
    "DockerTimeoutError",
    "CannotCreateVolumeError",
  ].map((error): [string, TaskReading] => [
    "container-runtime-error",
    stopped("TaskFailedToStart", `${error}: Could not transition to created; timed out after waiting 4m0s`),
  ]),
  [
    "failed-health-check",
    stopped(
      "ServiceSchedulerInitiated",
      "Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/shop/6d0ecf831eec9f09)",
      { exitCode: 143 },
    ),
  ],
  [
    "failed-health-check",
    stopped("ServiceSchedulerInitiated", "Task failed container health checks", { exitCode: 137 }),
  ],
  [
    "scaled-in-or-replaced",
    stopped(
      "ServiceSchedulerInitiated",
      "Scaling activity initiated by (deployment ecs-svc/9223370607456521953)",
    ),
  ],
  ["capacity-reclaimed", stopped("SpotInterruption", "Your Spot Task was interrupted.", { exitCode: 143 })],
  ["capacity-reclaimed", stopped("TerminationNotice", "Your Spot Task was interrupted.", { exitCode: 137 })],
  [
    "capacity-reclaimed",
    stopped("InfrastructureHealth", "The underlying host is impaired", { exitCode: 137 }),
  ],
  [
    "no-capacity",
    stopped("TaskFailedToStart", "Capacity is unavailable at this time. Please try again later"),
  ],
  ["no-capacity", stopped("TaskFailedToStart", "RESOURCE:ENI")],
  [
    "disk-full",
    stopped("EssentialContainerExited", EXITED, { exitCode: 1, reason: "write: no space left on device" }),
  ],
  ["initialization-failed", stopped("TaskFailedToStart", "something new")],
  ["other", stopped(undefined, "")],
  ["other", stopped("ACodeOfTheFuture", "")],
];

describe("a stopped task", () => {
  it.each(WORDINGS)("is %s: %j", (expected, task) => {
    expect(classifyStop(task)).toBe(expected);
  });

  it("is ordinary only when people, deployments or scale-in did it", () => {
    expect([...ORDINARY_STOPS].sort()).toEqual([
      "killed-after-stop-timeout",
      "scaled-in-or-replaced",
      "stopped-on-request",
    ]);
  });
});
