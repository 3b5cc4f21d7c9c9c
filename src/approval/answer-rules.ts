/** Decides whether an answer counts. Pure, shared by every store, over the approval as stored. */
import type { AnswerOutcome, Approval, ApprovalAnswer } from "../domain/approval.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { fieldsFor, type ValueFor } from "../domain/exit.ts";

/**
 * Returns the outcome of an answer; the store writes the approval of a `recorded` one and nothing otherwise. `kept`
 * is the stored approval, or undefined. Throws `internal` for an expiry before the deadline, which only a fault in
 * the code can send.
 */
export function decideAnswer(
  kept: Approval | undefined,
  planHash: string,
  answer: ApprovalAnswer,
): AnswerOutcome {
  if (kept === undefined) return { outcome: "unknown" };
  const byPerson = answer.verdict === "approved" || answer.verdict === "denied";
  if (byPerson && planHash !== kept.planHash) return { outcome: "other-plan", approval: kept };
  const voids = answer.verdict === "voided" && kept.answer?.verdict === "approved";
  if (kept.answer !== undefined && !voids) return { outcome: "already-answered", approval: kept };
  const [at, deadline] = [Date.parse(answer.at), Date.parse(kept.deadline)];
  // An invalid time is never in time.
  if (byPerson && !(at <= deadline)) return { outcome: "past-deadline", approval: kept };
  const byCode = answer.verdict === "expired" || answer.verdict === "unasked";
  if (byCode && !(at >= deadline)) throw tooEarly(kept, answer);
  return { outcome: "recorded", approval: { ...kept, answer: redactedAnswer(answer) } };
}

/** What {@link postponed} changes of an unanswered question. */
export interface Postponement {
  /** ISO 8601. */
  readonly deadline?: string;
  /** Wakes the incident from now on. */
  readonly callbackId?: string;
}

/** A question with another deadline or callback; undefined where it is answered, or there is none. Pure. */
export function postponed(kept: Approval | undefined, to: Postponement): Approval | undefined {
  return kept === undefined || kept.answer !== undefined ? undefined : { ...kept, ...to };
}

/** An approval as it is stored: free texts redacted; ids, ARNs, hashes and the callback id exact. */
export function redactedApproval(approval: Approval): ValueFor<"store", Approval> {
  const { plan, answer } = approval;
  const clean = {
    ...approval,
    plan:
      plan.action === "restart"
        ? { ...plan, tasks: plan.tasks.map((task) => fieldsFor("store", task, ["why"])) }
        : plan,
    ...(answer === undefined ? {} : { answer: redactedAnswer(answer) }),
  };
  return fieldsFor("store", clean, ["rootCause", "logSays", "why"]);
}

function redactedAnswer(answer: ApprovalAnswer): ApprovalAnswer {
  return fieldsFor("store", answer, ["note"]);
}

function tooEarly({ id, deadline }: Approval, { at }: ApprovalAnswer): OpsAgentError {
  return new OpsAgentError({
    code: "internal",
    message: `The question ${id} was to expire at ${at}, before its deadline ${deadline}.`,
    remedy: "This is a fault in OpsAgent: report it. The question still waits for its answer.",
  });
}
