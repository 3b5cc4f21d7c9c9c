/** A question as it leaves OpsAgent through HTTP and the command line: without what wakes the incident. */
import type { Approval, ApprovalAnswer } from "../domain/approval.ts";
import { planText } from "../notification/text/action-line.ts";

export interface ApprovalView extends Omit<Approval, "callbackId" | "messages" | "answer"> {
  /** The exact change in words. */
  readonly change: string;
  readonly answer?: ApprovalAnswer;
}

/** Pure. The fields are named, so that a new secret one stays inside until someone lists it here. */
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
