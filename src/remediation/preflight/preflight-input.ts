import type { ActionRecord } from "../../domain/action-record.ts";
import type { Pause } from "../../domain/brake.ts";
import type { Evidence } from "../../domain/evidence.ts";
import type { Mode, Policy } from "../../domain/policy.ts";
import type { Target } from "../../domain/target.ts";

export interface PreflightInput {
  /** The service as it is now, read without an alarm. */
  readonly evidence: Evidence;
  readonly policy: Policy;
  /** Why the policy of now cannot be used, where that is so. */
  readonly policyProblem?: string | undefined;
  /** The brake; none is on where it is left out. */
  readonly pauses?: readonly Pause[] | undefined;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  readonly target: Target;
  /** Past actions of all services; undefined when they could not be read, which refuses. */
  readonly history: readonly ActionRecord[] | undefined;
}
