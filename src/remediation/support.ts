/** What a fact can say for a cause. Pure; {@link REMEDIES} of remedies.ts says which of them supports which cause. */
import type { Fact, MetricRole, StopClass } from "../domain/evidence.ts";
import { FULL_DISK_PERCENT } from "../domain/limits.ts";
import { isLowered, isRaised } from "../domain/metric-side.ts";

export type Support = (fact: Fact) => boolean;

export const stopped =
  (...classes: StopClass[]): Support =>
  (fact) =>
    fact.kind === "stopped-tasks" && classes.includes(fact.data.class);

export const raised =
  (...roles: MetricRole[]): Support =>
  (fact) =>
    fact.kind === "metric" && roles.includes(fact.data.role) && isRaised(fact);

export const lowered =
  (...roles: MetricRole[]): Support =>
  (fact) =>
    fact.kind === "metric" && roles.includes(fact.data.role) && isLowered(fact);

export const any =
  (...supports: Support[]): Support =>
  (fact) =>
    supports.some((support) => support(fact));

export const never: Support = () => false;

export const unhealthy: Support = (fact) =>
  (fact.kind === "target-health" && fact.data.state === "unhealthy") ||
  (fact.kind === "running-task" && fact.data.health === "UNHEALTHY") ||
  (fact.kind === "service-event" && fact.data.class === "unhealthy");

export const failingDeployment: Support = (fact) =>
  fact.kind === "deployment" && (fact.data.failedTasks > 0 || fact.data.rolloutState === "FAILED");

export const definitionChanged: Support = (fact) =>
  fact.kind === "task-definition-diff" && fact.data.changes.length > 0;

/** A disk that was full before the window began does not rise in it. */
export const diskFull: Support = (fact) =>
  fact.kind === "metric" && fact.data.role === "task-disk" && fact.data.summary.current > FULL_DISK_PERCENT;

export const unplaced: Support = (fact) =>
  fact.kind === "service-event" && fact.data.class === "placement-failure";

export const setToNone: Support = (fact) => fact.kind === "service" && fact.data.desired === 0;

/** A deployment that moves tasks; one that shifts traffic, bakes or is paused explains nothing. */
export const deploying: Support = (fact) =>
  fact.kind === "deployment" && fact.data.inProgress && fact.data.holding === undefined;

export const errorsRaised = raised("errors-5xx", "elb-5xx", "latency-p99", "latency-p50");
