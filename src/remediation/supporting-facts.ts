/**
 * Which facts can support which cause: the evidence gate. Only facts that an attacker cannot write (`control-plane`
 * and `metric`) and that are about this service count; log lines, metrics that applications can write, memory and what a
 * message says never do.
 */
import type { Cause } from "../domain/cause.ts";
import type { Fact, MetricRole, StopClass } from "../domain/evidence.ts";
import { isLowered, isRaised } from "../domain/metric-side.ts";

type Predicate = (fact: Fact) => boolean;

const stopped =
  (...classes: StopClass[]): Predicate =>
  (fact) =>
    fact.kind === "stopped-tasks" && classes.includes(fact.data.class);

const raised =
  (...roles: MetricRole[]): Predicate =>
  (fact) =>
    fact.kind === "metric" && roles.includes(fact.data.role) && isRaised(fact);

const lowered =
  (...roles: MetricRole[]): Predicate =>
  (fact) =>
    fact.kind === "metric" && roles.includes(fact.data.role) && isLowered(fact);

const unhealthy: Predicate = (fact) =>
  (fact.kind === "target-health" && fact.data.state === "unhealthy") ||
  (fact.kind === "running-task" && fact.data.health === "UNHEALTHY") ||
  (fact.kind === "service-event" && fact.data.class === "unhealthy");

const failingDeployment: Predicate = (fact) =>
  fact.kind === "deployment" && (fact.data.failedTasks > 0 || fact.data.rolloutState === "FAILED");

const definitionChanged: Predicate = (fact) =>
  fact.kind === "task-definition-diff" && fact.data.changes.length > 0;

const any =
  (...predicates: Predicate[]): Predicate =>
  (fact) =>
    predicates.some((predicate) => predicate(fact));

const never: Predicate = () => false;

const errorsRaised = raised("errors-5xx", "elb-5xx", "latency-p99", "latency-p50");

const SUPPORT: Readonly<Record<Cause, Predicate>> = {
  "oom-kill": stopped("out-of-memory"),
  "memory-leak": any(raised("memory", "task-memory"), stopped("out-of-memory")),
  "memory-limit-too-low": any(stopped("out-of-memory"), definitionChanged),
  "traffic-spike": raised("requests"),
  "traffic-loss": lowered("requests"),
  "cpu-saturation": raised("cpu", "task-cpu"),
  "retry-storm": raised("requests"),
  "hung-task": any(unhealthy, raised("unhealthy-hosts")),
  "health-check-misconfigured": any(unhealthy, raised("unhealthy-hosts"), stopped("failed-health-check")),
  "bad-deploy": any(
    failingDeployment,
    definitionChanged,
    stopped("crashed", "exited-successfully", "failed-health-check"),
  ),
  "image-pull-failure": stopped("image-pull-failed"),
  "startup-misconfiguration": any(
    stopped("initialization-failed", "crashed", "exited-successfully"),
    definitionChanged,
  ),
  "dependency-down": errorsRaised,
  "dependency-throttled": errorsRaised,
  "connection-leak": any(errorsRaised, unhealthy, raised("unhealthy-hosts")),
  "network-failure": any(errorsRaised, unhealthy, stopped("initialization-failed", "image-pull-failed")),
  "permission-denied": any(errorsRaised, stopped("initialization-failed", "image-pull-failed")),
  "certificate-expired": errorsRaised,
  "disk-full": any(stopped("disk-full"), unhealthy, raised("task-disk")),
  "capacity-unavailable": any(
    (fact) => fact.kind === "service-event" && fact.data.class === "placement-failure",
    stopped("no-capacity", "capacity-reclaimed"),
  ),
  "desired-count-zero": (fact) => fact.kind === "service" && fact.data.desired === 0,
  "deploy-in-progress": (fact) => fact.kind === "deployment" && fact.data.inProgress,
  "no-fault": never,
  unknown: never,
};

/** Returns true when the fact by itself supports the cause, cannot be written from outside and is about the service. */
export function supportsCause(cause: Cause, fact: Fact): boolean {
  return mayJustify(fact) && Object.hasOwn(SUPPORT, cause) && SUPPORT[cause](fact);
}

/** Returns true when the fact may justify an action, whatever it says. */
export function mayJustify(fact: Fact): boolean {
  const trusted = fact.provenance === "control-plane" || fact.provenance === "metric";
  return trusted && !(fact.kind === "metric" && fact.data.explainsOnly !== undefined);
}

/** Returns why a fact may only explain, as the end of a sentence; undefined where it may justify. */
export function whyOnlyExplains(fact: Fact): string | undefined {
  if (mayJustify(fact)) return undefined;
  if (fact.kind === "metric" && fact.data.explainsOnly !== undefined) return fact.data.explainsOnly;
  switch (fact.provenance) {
    case "log":
      return "log text alone never acts";
    case "trigger":
      return "it is what the message says";
    case "memory":
      return "it is about an earlier time";
    default:
      return "any application can write it";
  }
}
