import type { Cause } from "../../domain/cause.ts";

/** What keeps a cause from coming back: the advice an experienced engineer gives, one or two lines a cause. */
export const PREVENTION: Readonly<Record<Cause, readonly string[]>> = {
  "oom-kill": [
    "Find what allocates: take a heap profile near the limit; a restart only buys time.",
    "Alarm on memory well below the limit, so that there is time to act before the kill.",
  ],
  "memory-leak": [
    "Compare two heap snapshots of one task, an hour apart, and fix what only grows.",
    "Until then, alarm on the slope of memory and not only on its level.",
  ],
  "memory-limit-too-low": [
    "Set the limit from the measured peak plus a margin, and review it with each change of the task definition.",
  ],
  "traffic-spike": [
    "Let target tracking follow requests per task, with a minimum that carries the usual peak.",
    "Load-test to know how many requests one task carries.",
  ],
  "traffic-loss": [
    "Probe the service from outside, by its public name, so that a broken way in shows at once.",
    "Alarm on few requests with missing data as breaching: a load balancer counts nothing while nothing arrives.",
  ],
  "cpu-saturation": ["Profile the hot path; put a time limit on the work of one request."],
  "retry-storm": ["Give callers exponential backoff with jitter and a retry budget; shed load early."],
  "crash-loop": [
    "Let the program write why it ends before it ends, and keep its exit codes apart.",
    "Alarm on tasks that stop by themselves: ECS restarts them, so that callers see only errors now and then.",
  ],
  "hung-task": [
    "Let the container health check exercise what hangs, so that ECS replaces the task by itself.",
    "Put timeouts on every call that can block.",
  ],
  "health-check-misconfigured": [
    "Test the health check's path, port and grace period in the pipeline, against the real image.",
  ],
  "bad-deploy": [
    "Turn on the deployment circuit breaker with rollback, and deployment alarms.",
    "Add the failing case to the tests that guard a release.",
  ],
  "image-pull-failure": [
    "Deploy images by digest, and check before a deployment that the image exists and may be pulled.",
  ],
  "startup-misconfiguration": [
    "Validate configuration and secrets in the pipeline, before the revision goes out.",
  ],
  "dependency-down": ["Add a circuit breaker and a degraded answer for when the dependency is away."],
  "dependency-throttled": ["Watch the quota's use, ask for more in time, and batch or cache the calls."],
  "connection-leak": ["Bound the pool, give connections a maximum age, and alarm on open connections."],
  "network-failure": ["Keep network changes in code with a review; alarm on failed name resolution."],
  "permission-denied": ["Test the task role's permissions in the pipeline, after each policy change."],
  "certificate-expired": ["Renew certificates automatically, and alarm 30 days before one expires."],
  "disk-full": ["Rotate logs, clean temporary files, and alarm on disk use."],
  "capacity-unavailable": ["Use several subnets and capacity providers; watch quotas and free addresses."],
  "desired-count-zero": [
    "Protect the desired count: a minimum in auto scaling, and a review of who may change it.",
  ],
  "deploy-in-progress": [
    "Mute or widen this alarm during deployments, for instance with an actions suppressor.",
  ],
  "no-fault": ["Tune the alarm: threshold, evaluation periods and missing data, so that it means something."],
  unknown: ["Add the signal that was missing here, so that the next incident of this kind has a name."],
};
