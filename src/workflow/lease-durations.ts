/** How long stages can take at the most, so that an incident is not thought dead while it is worked on. */
import type { Policy } from "../domain/policy.ts";

/** Waits of a restart for the task that comes first, and until it is gone again. */
const SURGE_WAITS = 2;

/** Seconds: every wait of a restart, and the proof. */
export function actionLeaseSeconds({ limits, timing }: Policy): number {
  const waits = limits.maxRestarts + SURGE_WAITS;
  return waits * timing.replacementTimeoutSeconds + timing.verifyTimeoutSeconds;
}

/** Seconds of slack for steps between the stages, restarts of the process and slow stores. */
const SLACK_SECONDS = 10 * 60;

/** Seconds: from an alert to a decision, with a second look and the model's two rounds. */
export function investigationLeaseSeconds({ timing }: Policy): number {
  return 4 * timing.sourceTimeoutSeconds + 2 * timing.modelTimeoutSeconds + SLACK_SECONDS;
}

/** Seconds: two actions with their proofs, an undo, and the second investigation. */
export function remediationLeaseSeconds(policy: Policy): number {
  return 2 * actionLeaseSeconds(policy) + investigationLeaseSeconds(policy);
}
