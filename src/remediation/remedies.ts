/** Which action cures which cause, as data. See docs/guardrails.md. */
import type { Action, Cause } from "../domain/cause.ts";

/**
 * `allow`: code may act. `ask`: a person decides. `ask-after-deployment`: a person decides, and only if the onset
 * follows a deployment; else refused. `allow-one-hot-task`: only if one task is hot and the others are cool.
 * `refuse`: it does not cure this cause or makes it worse.
 */
export type MatrixRule = "allow" | "ask" | "ask-after-deployment" | "allow-one-hot-task" | "refuse";

type Remedies = Record<Exclude<Action, "none">, MatrixRule>;

const restartable: Remedies = { restart: "allow", scale: "refuse", rollback: "ask-after-deployment" };
const revisionFault: Remedies = { restart: "refuse", scale: "refuse", rollback: "ask" };
const outsideFault: Remedies = { restart: "refuse", scale: "refuse", rollback: "ask-after-deployment" };
const untouchable: Remedies = { restart: "refuse", scale: "refuse", rollback: "refuse" };

export const MATRIX: Readonly<Record<Cause, Remedies>> = {
  "oom-kill": restartable,
  "memory-leak": restartable,
  "connection-leak": restartable,
  "hung-task": restartable,
  "disk-full": restartable,
  "traffic-spike": { restart: "refuse", scale: "allow", rollback: "refuse" },
  "traffic-loss": untouchable,
  "cpu-saturation": { restart: "allow-one-hot-task", scale: "ask", rollback: "ask-after-deployment" },
  "bad-deploy": revisionFault,
  "memory-limit-too-low": revisionFault,
  "image-pull-failure": revisionFault,
  "startup-misconfiguration": revisionFault,
  "health-check-misconfigured": revisionFault,
  "dependency-down": outsideFault,
  "dependency-throttled": outsideFault,
  "retry-storm": outsideFault,
  "network-failure": outsideFault,
  "permission-denied": outsideFault,
  "certificate-expired": outsideFault,
  "capacity-unavailable": outsideFault,
  "desired-count-zero": { restart: "refuse", scale: "ask", rollback: "refuse" },
  "deploy-in-progress": untouchable,
  "no-fault": untouchable,
  unknown: untouchable,
};

/** Returns the rule of one cell; a cause or action without a row or column is refused. */
export function matrixRule(cause: Cause, action: Action): MatrixRule {
  const row = Object.hasOwn(MATRIX, cause) ? MATRIX[cause] : untouchable;
  return action !== "none" && Object.hasOwn(row, action) ? row[action] : "refuse";
}
