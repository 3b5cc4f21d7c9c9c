/** What remediation changes a service through. */
import type { Target } from "../domain/target.ts";

/**
 * The answer to a mutating call. `refused`: AWS said no, nothing changed. `ambiguous`: no answer arrived, so
 * the call may or may not have had its effect; it must never be repeated blindly.
 */
export type Actuation =
  | { readonly outcome: "accepted"; readonly detail: string }
  | {
      readonly outcome: "refused";
      readonly code: string;
      readonly message: string;
      /** What the reader can do so that it is allowed the next time. */
      readonly remedy?: string;
    }
  | { readonly outcome: "ambiguous"; readonly message: string };

/** The only calls that change anything. One attempt each, never retried by the client. */
export interface ServiceActuator {
  /** ECS StopTask. `reason` is kept by ECS in the task's stoppedReason and lets a later look find our doing. */
  stopTask(target: Target, taskArn: string, reason: string): Promise<Actuation>;
  /** ECS UpdateService with a desired count only. */
  setDesiredCount(target: Target, desired: number): Promise<Actuation>;
  /** ECS StopServiceDeployment with ROLLBACK: ends a deployment that is still going on. */
  rollBackDeployment(target: Target, deploymentArn: string): Promise<Actuation>;
  /** ECS UpdateService with a task definition only: back to one that ran before. */
  setTaskDefinition(target: Target, taskDefinition: string): Promise<Actuation>;
}
