/** Takes answers to approvals: checks who may answer, records the answer, and resumes the waiting incident. */

import { randomUUID } from "node:crypto";
import type { Approval } from "../domain/approval.ts";
import { textFor } from "../domain/exit.ts";
import { answeredEvent } from "../domain/incident/stored-event.ts";
import type { ApprovalBook, IncidentEvents, Logger, PolicySource } from "../domain/ports.ts";
import type { AnswerKind, GivenAnswer, Resumed } from "./answer.ts";
import { type AnswerText, answerText } from "./answer-text.ts";
import { mayAnswer } from "./may-answer.ts";
import type { CallbackClient } from "./ports.ts";

/** The outcome with its text; `sentence` is message and remedy together. Only `recorded` changed anything. */
export type AnswerResult = AnswerKind & AnswerText & { readonly sentence: string };

export interface Approvals {
  /**
   * Takes one answer. A person who is not on the channel's list learns nothing about the question. Idempotent: the
   * first answer counts, and repeating it resumes an incident that a crash left waiting. Throws `store-failed`; the
   * answer may be recorded then, and repeating it is safe.
   */
  answer(given: GivenAnswer): Promise<AnswerResult>;
}

export interface ApprovalDependencies {
  readonly book: ApprovalBook;
  readonly events: IncidentEvents;
  readonly callbackClient: CallbackClient;
  /** Who may answer is asked of the policy as it is when the answer comes. */
  readonly policySource: PolicySource;
  readonly now: () => Date;
  readonly logger: Logger;
}

const NOTE_CHARACTERS = 500;

/** Creates the receiver of answers from every channel. It runs no stage of the workflow: it records, then resumes. */
export function createApprovals(deps: ApprovalDependencies): Approvals {
  const { book, events, policySource, now, logger } = deps;

  const resume = async ({ id, incidentId, callbackId }: Approval, verdict: string): Promise<Resumed> => {
    try {
      return await deps.callbackClient.resume(callbackId, verdict);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      logger.error("approval-not-woken", { approval: id, incident: incidentId, error: problem });
      return "failed";
    }
  };

  /** Records before resuming: nothing may be done on an answer that is not an event of the incident. */
  const recordAndResume = async (approval: Approval): Promise<Resumed> => {
    const event = answeredEvent(approval);
    if (event !== undefined) await events.append([event]);
    return resume(approval, approval.answer?.verdict ?? "");
  };

  const take = async (given: GivenAnswer): Promise<AnswerKind> => {
    const { policy } = await policySource.current();
    if (!mayAnswer(policy, given.by)) return { outcome: "not-allowed" };
    const found = await find(book, given);
    if (found.kind === "unknown") return { outcome: "unknown" };
    if (found.kind === "ambiguous") return { outcome: "ambiguous", approvals: found.approvals };
    const note = given.note === undefined ? "" : textFor("store", given.note.trim(), NOTE_CHARACTERS);
    const result = await book.answer(found.approval.id, given.planHash, {
      verdict: given.verdict,
      at: now().toISOString(),
      by: given.by,
      ...(note === "" ? {} : { note }),
    });
    if (result.outcome === "recorded") return { ...result, resumed: await recordAndResume(result.approval) };
    if (result.outcome !== "already-answered") return result;
    // Resume whichever answer is recorded: a crash may have come between recording and resuming.
    const resumes = ["approved", "denied", "withdrawn"].includes(result.approval.answer?.verdict ?? "");
    return { ...result, resumed: resumes ? await recordAndResume(result.approval) : "not-needed" };
  };

  const noteRefusal = async (given: GivenAnswer, refused: AnswerKind): Promise<void> => {
    const at = now().toISOString();
    const incidentId = await incidentOf(book, given, refused);
    const { verdict, by } = given;
    logger.warn("approval-refused", { incident: incidentId, outcome: refused.outcome, verdict, by });
    if (incidentId === undefined) return;
    const key = `approval-refused-${randomUUID()}`;
    const { outcome } = refused;
    await events.append([{ kind: "approval-refused", incidentId, key, at, verdict, by, outcome }]);
  };

  return {
    async answer(given) {
      const kind = await take(given);
      if (kind.outcome !== "recorded") await noteRefusal(given, kind);
      else logger.info("approval-answered", { incident: kind.approval.incidentId, by: given.by });
      const text = answerText(kind, given);
      return { ...kind, ...text, sentence: `${text.message} ${text.remedy}` };
    },
  };
}

type Found =
  | { readonly kind: "one"; readonly approval: Approval }
  | { readonly kind: "ambiguous"; readonly approvals: readonly Approval[] }
  | { readonly kind: "unknown" };

/**
 * Finds the approval that is meant. By incident: the one of this plan, unanswered before answered, so that an answer
 * can be repeated; else the open one, whose other plan is then reported.
 */
async function find(book: ApprovalBook, given: GivenAnswer): Promise<Found> {
  const { approvalId, incidentId } = given;
  if (approvalId !== undefined) {
    const approval = await book.approval(approvalId);
    if (approval === undefined || (incidentId ?? approval.incidentId) !== approval.incidentId) {
      return { kind: "unknown" };
    }
    return { kind: "one", approval };
  }
  const all = incidentId === undefined ? [] : await book.approvalsOf(incidentId);
  const waiting = all.filter((approval) => approval.answer === undefined);
  const mine = (list: readonly Approval[]) => list.filter((approval) => samePlan(approval, given));
  const groups = [mine(waiting), mine(all).slice(0, 1), waiting, all.slice(0, 1)];
  const [approval, ...others] = groups.find((group) => group.length > 0) ?? [];
  if (approval === undefined) return { kind: "unknown" };
  return others.length === 0
    ? { kind: "one", approval }
    : { kind: "ambiguous", approvals: [approval, ...others] };
}

function samePlan(approval: Approval, given: GivenAnswer): boolean {
  return approval.planHash === given.planHash;
}

/** Returns the incident whose audit trail keeps a refused attempt, or undefined when no approval was meant. */
async function incidentOf(
  book: ApprovalBook,
  given: GivenAnswer,
  refused: AnswerKind,
): Promise<string | undefined> {
  if ("approval" in refused) return refused.approval.incidentId;
  if ("approvals" in refused) return refused.approvals[0]?.incidentId;
  const found = await find(book, given);
  if (found.kind === "one") return found.approval.incidentId;
  return found.kind === "ambiguous" ? found.approvals[0]?.incidentId : undefined;
}
