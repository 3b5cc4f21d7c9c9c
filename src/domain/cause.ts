import { z } from "zod";

/**
 * The closed list of cause classes, each with the one line that the model and the reader get.
 * A diagnosis names one of these or it is not a diagnosis.
 */
export const CAUSES = {
  "oom-kill": "a container went over its memory limit and was killed (OutOfMemoryError in its reason)",
  "memory-leak": "memory of a task climbs steadily without load to explain it",
  "memory-limit-too-low": "a changed or too small memory limit, not the application, is what is exceeded",
  "traffic-spike": "request rate rose well above its baseline and resources saturate because of it",
  "traffic-loss":
    "requests that usually arrive do not, while the service is well: listener, DNS, upstream caller or scheduler",
  "cpu-saturation": "CPU is saturated without traffic growth",
  "retry-storm":
    "requests grow because clients or callers retry failures, and persist without the first cause",
  "hung-task": "a task runs but does not answer its health checks, while others do",
  "health-check-misconfigured": "tasks work, but the health check asks for the wrong thing or too early",
  "bad-deploy": "a new revision fails where the previous one worked",
  "image-pull-failure": "the container image cannot be pulled",
  "startup-misconfiguration": "tasks stop at start: missing secret, environment, port or command",
  "crash-loop":
    "a container ends by itself again and again, and no deployment, limit or call explains it: its exit code and last lines do",
  "dependency-down": "something that the service calls refuses, fails or does not answer",
  "dependency-throttled": "something that the service calls answers with throttling or quota errors",
  "connection-leak": "connections or file descriptors are exhausted by the service itself",
  "network-failure": "names do not resolve or packets do not arrive: DNS, security group, route, subnet",
  "permission-denied": "calls are refused for lack of permission",
  "certificate-expired": "a TLS certificate is expired or not valid",
  "disk-full": "the task's disk or shared memory is full",
  "capacity-unavailable": "tasks cannot be placed: no capacity, quota or addresses",
  "desired-count-zero": "the service is set to run no task",
  "deploy-in-progress": "a deployment or its rollback is running and explains what is seen",
  "no-fault": "nothing is wrong now",
  unknown: "the evidence does not say",
} as const;

export type Cause = keyof typeof CAUSES;

const causes = Object.keys(CAUSES) as [Cause, ...Cause[]];

export const Cause = z.enum(causes);

/** What OpsAgent can do. `none` is always allowed. */
export const Action = z.enum(["restart", "scale", "rollback", "none"]);
export type Action = z.infer<typeof Action>;

export const Severity = z.enum(["P1", "P2", "P3", "P4"]);
export type Severity = z.infer<typeof Severity>;
