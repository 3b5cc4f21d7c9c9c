/** What remediation changes a service through. */
import type { Target } from "../domain/target.ts";

/**
 * The answer to a changing call. `refused`: AWS refused, nothing changed. `ambiguous`: no answer arrived, so the call
 * may have taken effect; it must never be repeated blindly.
 */
export type Actuation =
  | { readonly outcome: "accepted"; readonly detail: string }
  | {
      readonly outcome: "refused";
      readonly code: string;
      readonly message: string;
      /** What a person can do so that it is allowed the next time. */
      readonly remedy?: string;
    }
  | { readonly outcome: "ambiguous"; readonly message: string };

/** The only calls that change anything. One attempt each; the client never retries. */
export interface ServiceActuator {
  /** ECS StopTask. ECS keeps `reason` in the task's stoppedReason, where a later look finds it. */
  stopTask(target: Target, taskArn: string, reason: string): Promise<Actuation>;
  /** ECS UpdateService with a desired count only. */
  setDesiredCount(target: Target, desired: number): Promise<Actuation>;
  /** ECS StopServiceDeployment with ROLLBACK: ends a running deployment. */
  rollBackDeployment(target: Target, deploymentArn: string): Promise<Actuation>;
  /** ECS UpdateService with a task definition only: one that ran before. */
  setTaskDefinition(target: Target, taskDefinition: string): Promise<Actuation>;
}
