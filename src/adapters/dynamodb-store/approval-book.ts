import { decideAnswer, postponed, redactedApproval } from "../../approval/answer-rules.ts";
import { Approval } from "../../domain/approval.ts";
import type { TextFor } from "../../domain/exit.ts";
import { answeredEvent } from "../../domain/incident/stored-event.ts";
import { recordToStore } from "../../domain/incident/stored-record.ts";
import type { ApprovalBook, IncidentEvents } from "../../domain/ports.ts";
import { collected, concurrently } from "./concurrently.ts";
import { type Decide, jsonField, textField } from "./decide.ts";
import { keyPart, timePart } from "./keys.ts";
import type { Item, Table } from "./table.ts";

const UNANSWERED = "unanswered";
const keyOf = (id: string) => ({ pk: `approval#${keyPart(id)}`, sk: "approval" });
const listOf = (incidentId: string) => `approvals-of#${keyPart(incidentId)}`;
const placeIn = (approval: Approval) => `${timePart(approval.requestedAt)}#${keyPart(approval.id)}`;

/**
 * One item for each question, with its answer. The lists by incident and of what is unanswered only name questions: an
 * item there is written first, so that no question is ever missing from them, and counts for nothing by itself.
 */
export function createApprovalBook(
  table: Table,
  decide: Decide,
  { append }: Pick<IncidentEvents, "append">,
): ApprovalBook {
  const approval = async (id: string): Promise<Approval | undefined> => {
    const item = await table.get(keyOf(id));
    return item && approvalOf(item, id);
  };

  const named = async (list: readonly Item[]): Promise<readonly Approval[]> => {
    const found = await concurrently(list, (item) => approval(textField(item, "id")));
    return found.filter((one) => one !== undefined);
  };

  return {
    approval,

    ask: async (asked) => {
      const kept = write(asked);
      const entry = { sk: placeIn(asked), id: asked.id };
      if ((await table.get(keyOf(asked.id))) !== undefined) return;
      await table.put({ pk: listOf(asked.incidentId), ...entry });
      await table.put({ pk: UNANSWERED, ...entry });
      await decide(`keep the question ${asked.id}`, keyOf(asked.id), (item) => ({
        answer: undefined,
        next: item === undefined ? { approval: kept } : undefined,
      }));
    },

    approvalsOf: async (incidentId) =>
      named(await collected(table.query({ pk: listOf(incidentId), newestFirst: true }))),

    unanswered: async () => {
      const found = await named(await collected(table.query({ pk: UNANSWERED })));
      // Its answer was recorded, and then this item not removed.
      const stale = found.filter((one) => one.answer !== undefined);
      await concurrently(stale, (one) => table.remove({ pk: UNANSWERED, sk: placeIn(one) }));
      return found.filter((one) => one.answer === undefined);
    },

    answer: async (id, hash, answer) => {
      const outcome = await decide(`record the answer to ${id}`, keyOf(id), (item) => {
        const decided = decideAnswer(item && approvalOf(item, id), hash, answer);
        const records = decided.outcome === "recorded";
        return {
          answer: decided,
          next: records ? { approval: write(decided.approval) } : undefined,
        };
      });
      if (outcome.outcome === "recorded") {
        await table.remove({ pk: UNANSWERED, sk: placeIn(outcome.approval) });
      }
      // Also of one that stood already: who gave it may have died before its event was written.
      const event = "approval" in outcome ? answeredEvent(outcome.approval) : undefined;
      if (event !== undefined) await append([event]);
      return outcome;
    },

    postpone: (id, to) =>
      decide(`postpone the question ${id}`, keyOf(id), (item) => {
        const kept = item && approvalOf(item, id);
        const later = postponed(kept, to);
        if (later === undefined) return { answer: kept };
        return { answer: later, next: { approval: write(later) } };
      }),

    noteMessage: (id, channel, reference) =>
      decide(`note where the question ${id} was put`, keyOf(id), (item) => {
        if (item === undefined) return { answer: undefined };
        const kept = approvalOf(item, id);
        const messages = { ...kept.messages, [channel]: reference };
        return { answer: undefined, next: { approval: write({ ...kept, messages }) } };
      }),
  };
}

function approvalOf(item: Item, id: string): Approval {
  return jsonField(Approval, item, "approval", `The stored question ${id} cannot be read`);
}

function write(approval: Approval): TextFor<"store"> {
  return recordToStore(Approval, redactedApproval(approval), `question ${approval.id}`);
}
