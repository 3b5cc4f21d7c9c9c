/** Answers of people: who may give one, what becomes of it, and how the incident that waits is woken. */
import { randomUUID } from "node:crypto";
import { redact } from "../../packages/redaction/index.ts";
import type { Approval, Approver } from "../domain/approval.ts";
import { answeredEvent } from "../domain/incident/stored-event.ts";
import type { Policy } from "../domain/policy.ts";
import type { ApprovalBook, IncidentEvents, Logger } from "../domain/ports.ts";
import type { AnswerKind, GivenAnswer, Resumed } from "./answer.ts";
import { type AnswerText, answerText } from "./answer-text.ts";
import type { CallbackClient } from "./ports.ts";

/** Every outcome has words for the person; `sentence` is both together. Only `recorded` changed anything. */
export type AnswerResult = AnswerKind & AnswerText & { readonly sentence: string };

export interface Approvals {
  /**
   * Takes one answer. Whoever is not on the channel's list learns nothing about the question. Safe to repeat: the
   * first answer wins, and the same verdict again wakes an incident that a crash left asleep.
   * Throws `store-failed`; the answer may then stand already, and giving it again is right.
   */
  answer(given: GivenAnswer): Promise<AnswerResult>;
}

export interface ApprovalDependencies {
  readonly book: ApprovalBook;
  readonly events: IncidentEvents;
  readonly callbackClient: CallbackClient;
  readonly policy: Policy;
  readonly now: () => Date;
  readonly logger: Logger;
}

const NOTE_CHARACTERS = 500;

/** Where answers from every channel arrive. Runs nothing of the workflow: it records, then wakes. */
export function createApprovals(deps: ApprovalDependencies): Approvals {
  const { book, events, policy, now, logger } = deps;

  const resume = async ({ id, incidentId, callbackId }: Approval, verdict: string): Promise<Resumed> => {
    try {
      return await deps.callbackClient.resume(callbackId, verdict);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      logger.error("approval-not-woken", { approval: id, incident: incidentId, error: problem });
      return "failed";
    }
  };

  /** On record before waking: nothing is done on an answer that the incident's events do not have. */
  const settle = async (approval: Approval): Promise<Resumed> => {
    const event = answeredEvent(approval);
    if (event !== undefined) await events.append([event]);
    return resume(approval, approval.answer?.verdict ?? "");
  };

  const take = async (given: GivenAnswer): Promise<AnswerKind> => {
    if (!mayAnswer(policy, given.by)) return { outcome: "not-allowed" };
    const found = await find(book, given);
    if (found.kind === "unknown") return { outcome: "unknown" };
    if (found.kind === "ambiguous") return { outcome: "ambiguous", approvals: found.approvals };
    const note = given.note === undefined ? "" : redact(given.note).trim().slice(0, NOTE_CHARACTERS);
    const result = await book.answer(found.approval.id, given.planHash, {
      verdict: given.verdict,
      at: now().toISOString(),
      by: given.by,
      ...(note === "" ? {} : { note }),
    });
    if (result.outcome === "recorded") return { ...result, resumed: await settle(result.approval) };
    if (result.outcome !== "already-answered") return result;
    // Whatever stands, the incident has to learn of it: a crash may have come between the answer and the waking.
    const wakes = ["approved", "denied", "withdrawn"].includes(result.approval.answer?.verdict ?? "");
    return { ...result, resumed: wakes ? await settle(result.approval) : "not-needed" };
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
      const words = answerText(kind, given);
      return { ...kind, ...words, sentence: `${words.message} ${words.remedy}` };
    },
  };
}

/** Whether the policy lets this person answer. Without a list, Slack and HTTP let nobody in. */
function mayAnswer({ approvals }: Policy, { channel, id }: Approver): boolean {
  if (channel === "slack") return approvals.slackUsers.includes(id);
  if (channel === "http") return approvals.httpClients.includes(id);
  return approvals.cliUsers?.includes(id) ?? true;
}

type Found =
  | { readonly kind: "one"; readonly approval: Approval }
  | { readonly kind: "ambiguous"; readonly approvals: readonly Approval[] }
  | { readonly kind: "unknown" };

/**
 * The question that is meant. By incident: the one of this plan, unanswered before answered, so that the same
 * answer can be repeated; else the one that waits, whose other plan is then said.
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

/** The incident whose trail keeps a refused attempt; undefined where no question was meant. */
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
