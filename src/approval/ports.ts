/** Where people are asked, and how the waiting workflow is resumed. */
import type { Approval } from "../domain/approval.ts";

/** Puts questions where people answer them. Both methods throw `slack-failed` when every try failed. */
export interface ApprovalChannel {
  readonly name: string;
  /** Returns where the question was put, if it can be found again. */
  ask(approval: Approval): Promise<string | undefined>;
  /** Tells what became of it; `approval.answer` is set. */
  close(approval: Approval): Promise<void>;
}

/** Resumes the workflow that waits for an answer. */
export interface CallbackClient {
  resume(callbackId: string, verdict: string): Promise<"completed" | "already-decided" | "unknown">;
}
