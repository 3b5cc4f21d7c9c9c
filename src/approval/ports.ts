/** Where people are asked, and how the waiting workflow is resumed. */
import type { Approval } from "../domain/approval.ts";

/** Posts questions where people answer them. Both methods throw `slack-failed` when every try failed. */
export interface ApprovalChannel {
  readonly name: string;
  /** Posts the question. Returns a reference to the message, if it can be found again. */
  ask(approval: Approval): Promise<string | undefined>;
  /** Updates the message with the outcome; `approval.answer` is set. */
  close(approval: Approval): Promise<void>;
}

/** Resumes the workflow that waits for an answer. */
export interface CallbackClient {
  resume(callbackId: string, verdict: string): Promise<"completed" | "already-decided" | "unknown">;
}
