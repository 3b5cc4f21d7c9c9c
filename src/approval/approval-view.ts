/** An approval as HTTP and the command line show it: without the callback that resumes the incident. */
import type { Approval, ApprovalAnswer } from "../domain/approval.ts";
import { planText } from "../notification/text/action-line.ts";

export interface ApprovalView extends Omit<Approval, "callbackId" | "messages" | "answer"> {
  /** The exact change as text. */
  readonly change: string;
  readonly answer?: ApprovalAnswer;
}

/** Copies listed fields only, so that a new secret field is not exposed. Pure. */
export function approvalView(approval: Approval): ApprovalView {
  const { id, incidentId, target, cause, severity, confidence, rootCause, why, plan, planHash } = approval;
  const { requestedAt, deadline, answer } = approval;
  return {
    id,
    incidentId,
    target,
    change: `${planText(plan)} on ${target.cluster}/${target.service}`,
    cause,
    severity,
    confidence,
    rootCause,
    why,
    plan,
    planHash,
    requestedAt,
    deadline,
    ...(answer === undefined ? {} : { answer }),
  };
}
