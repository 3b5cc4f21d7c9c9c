import type { Approval, Approver } from "../domain/approval.ts";

/** What a person said. The question is named by `approvalId`, by `incidentId`, or by both, which must then agree. */
export interface GivenAnswer {
  readonly approvalId?: string;
  readonly incidentId?: string;
  readonly verdict: "approved" | "denied";
  readonly by: Approver;
  /** The whole fingerprint of the plan that the person was shown. */
  readonly planHash: string;
  readonly note?: string;
}

/**
 * What came of waking the incident. `not-needed`: the question is over by itself. `failed`: the answer stands, but
 * nobody was woken; any answer given again wakes.
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
