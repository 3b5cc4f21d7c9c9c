import type { Approval, Approver } from "../domain/approval.ts";

/** A person's answer. It names the approval by `approvalId`, by `incidentId`, or by both, which must then agree. */
export interface GivenAnswer {
  readonly approvalId?: string;
  readonly incidentId?: string;
  readonly verdict: "approved" | "denied";
  readonly by: Approver;
  /** The hash of the plan that the person was shown. */
  readonly planHash: string;
  readonly note?: string;
}

/**
 * What resuming the incident led to. `not-needed`: the question is closed. `failed`: the answer is recorded, but the
 * incident was not resumed; any repeated answer resumes it.
 */
export type Resumed = "completed" | "already-decided" | "unknown" | "failed" | "not-needed";

export type AnswerKind =
  | { readonly outcome: "recorded"; readonly approval: Approval; readonly resumed: Resumed }
  | { readonly outcome: "already-answered"; readonly approval: Approval; readonly resumed: Resumed }
  | { readonly outcome: "past-deadline"; readonly approval: Approval }
  | { readonly outcome: "other-plan"; readonly approval: Approval }
  | { readonly outcome: "ambiguous"; readonly approvals: readonly Approval[] }
  | { readonly outcome: "not-allowed" }
  | { readonly outcome: "unknown" };
