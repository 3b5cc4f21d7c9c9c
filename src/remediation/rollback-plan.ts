/**
 * Plans a rollback: the target revision, and how. Both come from ECS's deployment history, never from counting
 * revisions.
 */

import { whoseRollback } from "../domain/another-controller.ts";
import { type Evidence, type FactOf, factsOf } from "../domain/evidence.ts";
import type { Target } from "../domain/target.ts";
import type { Planned } from "./plan.ts";

type Deployment = FactOf<"deployment">["data"];

/** Statuses of a deployment in the history that can still be stopped. */
const STOPPABLE: ReadonlySet<string> = new Set(["PENDING", "IN_PROGRESS"]);

/**
 * Rolls back to the task definition that last ran steadily: stops the deployment while it runs, else deploys. No plan
 * where a rollback runs or was made already, and where the last steady revision is unknown.
 */
export function planRollback(evidence: Evidence, target?: Target): Planned {
  const from = factsOf(evidence, "service")[0]?.data.taskDefinition;
  if (!from) return no("The task definition that runs could not be read.");
  const others = whoseRollback(evidence, target);
  if (others !== undefined) return no(`${others}.`);
  const primary = primaryOf(evidence);
  if (primary === undefined) return no("The deployments of the service could not be read.");
  const running = rollbackUnderWay(evidence);
  if (running !== undefined) return no(running);
  const done = alreadyRolledBack(evidence, from);
  if (done !== undefined) return no(done);
  if (!sameDefinition(primary.taskDefinition, from)) {
    return no(`The newest deployment is of ${primary.taskDefinition}, but the service names ${from}.`);
  }
  if (primary.forced === true && (primary.inProgress || primary.imageChanged !== false)) {
    return no(`${from} was deployed over itself, so there is no other task definition to go back to.`);
  }
  const [to] = steadyDefinitions(evidence);
  if (to === undefined) {
    return no(`Nothing shows which task definition ran steadily before ${from}, so none is chosen.`);
  }
  return primary.inProgress ? planStop(primary, from, to) : plan({ from, to, how: "update-service" });
}

function planStop(primary: Deployment, from: string, to: string): Planned {
  const { arn, historyStatus, replaced } = primary;
  if (arn === undefined || historyStatus === undefined || !STOPPABLE.has(historyStatus)) {
    return no(
      `The deployment of ${from} goes on, but the deployment history does not name it as one to stop.`,
    );
  }
  // ECS chooses the target of a stopped deployment; where two are possible, none can be promised.
  if (replaced !== undefined && !sameDefinition(replaced, to)) {
    return no(`The deployment of ${from} replaced ${replaced}, but ${to} is what last ran steadily.`);
  }
  return plan({ from, to, how: "stop-deployment", deploymentArn: arn });
}

/** Returns the deployment that the service is to end up with. */
export function primaryOf(evidence: Evidence): Deployment | undefined {
  return factsOf(evidence, "deployment").find(({ data }) => data.status === "PRIMARY")?.data;
}

/**
 * Returns task definitions other than the current one that are known to have run steadily, the likeliest first: the
 * last steady one by the comparison, a completed deployment that ECS still runs, a successful one of the history.
 * Excludes those whose tasks fail now.
 */
export function steadyDefinitions(evidence: Evidence): string[] {
  const current = factsOf(evidence, "service")[0]?.data.taskDefinition;
  if (current === undefined) return [];
  const compared = factsOf(evidence, "task-definition-diff")
    .filter(({ data }) => data.base === "last-steady" && sameDefinition(data.to, current))
    .map(({ data }) => data.from);
  const stillThere = factsOf(evidence, "deployment")
    .filter(({ data }) => data.status === "ACTIVE" && data.rolloutState === "COMPLETED" && !data.inProgress)
    .map(({ data }) => data.taskDefinition);
  const failing = factsOf(evidence, "deployment")
    .filter(({ data }) => data.failedTasks > 0 || data.rolloutState === "FAILED")
    .map(({ data }) => data.taskDefinition);
  const ended = factsOf(evidence, "finished-deployment")
    .filter(({ data }) => data.status === "SUCCESSFUL")
    .map(({ data }) => data.taskDefinition);
  return [...new Set([...compared, ...stillThere, ...ended])].filter(
    (name) => isNamed(name) && ![current, ...failing].some((other) => sameDefinition(other, name)),
  );
}

/** Returns why a rollback or stop counts as running; undefined when none does. */
export function rollbackUnderWay(evidence: Evidence): string | undefined {
  const deployments = factsOf(evidence, "deployment").map(({ data }) => data);
  if (deployments.some((one) => one.rollingBack || /^(STOP_|ROLLBACK_)/.test(one.historyStatus ?? ""))) {
    return "A deployment is being stopped or rolled back, or could not be.";
  }
  const failed = deployments.find(({ rolloutState }) => rolloutState === "FAILED");
  return failed !== undefined && deployments.some((one) => one !== failed && one.inProgress)
    ? `ECS is replacing the failed deployment of ${failed.taskDefinition} already.`
    : undefined;
}

function alreadyRolledBack(evidence: Evidence, current: string): string | undefined {
  const [newest] = factsOf(evidence, "finished-deployment");
  if (newest === undefined || !newest.data.status.startsWith("ROLLBACK_")) return undefined;
  const { taskDefinition, rolledBackTo } = newest.data;
  return rolledBackTo === undefined || sameDefinition(rolledBackTo, current)
    ? `The deployment of ${taskDefinition} was rolled back already; going back further is for people.`
    : undefined;
}

/** Whether two names, `family:revision` or ARNs, mean the same task definition. */
export function sameDefinition(one: string, other: string): boolean {
  return shortName(one) === shortName(other);
}

function shortName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** True for `family:revision`; a family alone would mean its newest revision. */
function isNamed(name: string): boolean {
  return /^[\w-]+:\d+$/.test(shortName(name));
}

function plan(change: {
  readonly from: string;
  readonly to: string;
  readonly how: "stop-deployment" | "update-service";
  readonly deploymentArn?: string;
}): Planned {
  return { ok: true, plan: { action: "rollback", ...change } };
}

function no(reason: string): Planned {
  return { ok: false, reason };
}
