import type { Decision } from "../../domain/decision.ts";
import type { Evidence } from "../../domain/evidence.ts";
import type { Attempt } from "../../domain/incident/incident.ts";
import type { Permission } from "./permission-now.ts";

type ActDecision = Extract<Decision, { kind: "act" }>;

export interface ActInput {
  readonly incidentId: string;
  readonly decision: ActDecision;
  readonly evidence: Evidence;
  readonly attempt: Attempt;
  readonly approved: boolean;
  /** Epoch milliseconds by which the whole incident must end, if there is such a limit. */
  readonly deadline: number | undefined;
}

/** What the decision permits, for the calls that carry it out. */
export function permissionOf({ decision, approved }: ActInput): Permission {
  const { target, cause, plan, confidence } = decision;
  return { target, cause, plan, approved, confidence: confidence.earned };
}
