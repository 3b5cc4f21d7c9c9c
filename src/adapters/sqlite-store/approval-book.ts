import type { DatabaseSync } from "node:sqlite";
import { decideAnswer, postponed, redactedApproval } from "../../approval/answer-rules.ts";
import { Approval } from "../../domain/approval.ts";
import type { TextFor } from "../../domain/exit.ts";
import { answeredEvent } from "../../domain/incident/stored-event.ts";
import { storedTime } from "../../domain/incident/stored-record.ts";
import type { ApprovalBook } from "../../domain/ports.ts";
import type { EventLog } from "./incident-events.ts";
import { readRecord, writeRecord } from "./records.ts";
import { guarded } from "./store-error.ts";
import { transaction } from "./transaction.ts";
import type { Writes } from "./writes.ts";

/** Questions to people; the rules are those of approval/answer-rules.ts. */
export function approvalBook(database: DatabaseSync, { add }: Pick<EventLog, "add">): ApprovalBook {
  const sql = statements(database);
  const read = (row: Record<string, unknown>) => readRecord(Approval, "approval", String(row["id"]), row);
  const find = (id: string) => {
    const row = sql.get.get(id);
    return row && read(row);
  };
  const replace = (approval: Approval) =>
    sql.replace.run(approval.answer === undefined ? 0 : 1, write(approval), approval.id);

  return {
    ask: (approval) =>
      guarded(`keep the question ${approval.id}`, () => {
        const { id, incidentId, requestedAt, answer } = approval;
        const record = write(approval);
        sql.ask.run(id, incidentId, storedTime(requestedAt), answer === undefined ? 0 : 1, record);
      }),

    approval: (id) => guarded(`read the question ${id}`, () => find(id)),

    approvalsOf: (incidentId) =>
      guarded(`read the questions of the incident ${incidentId}`, () => sql.of.all(incidentId).map(read)),

    unanswered: () => guarded("read the open questions", () => sql.unanswered.all().map(read)),

    answer: (id, planHash, answer) =>
      guarded(`keep the answer to the question ${id}`, () =>
        transaction(database, () => {
          const outcome = decideAnswer(find(id), planHash, answer);
          if (outcome.outcome !== "recorded") return outcome;
          replace(outcome.approval);
          const event = answeredEvent(outcome.approval);
          if (event !== undefined) add([event]);
          return outcome;
        }),
      ),

    postpone: (id, to) =>
      guarded(`postpone the question ${id}`, () =>
        transaction(database, () => {
          const later = postponed(find(id), to);
          if (later !== undefined) replace(later);
          return find(id);
        }),
      ),

    noteMessage: (id, channel, reference) =>
      guarded(`note where the question ${id} was put`, () =>
        transaction(database, () => {
          const approval = find(id);
          if (approval === undefined) return;
          replace({ ...approval, messages: { ...approval.messages, [channel]: reference } });
        }),
      ),
  };
}

function write(approval: Approval): TextFor<"store"> {
  return writeRecord(Approval, `approval ${approval.id}`, redactedApproval(approval));
}

function statements(database: DatabaseSync) {
  return {
    ask: database.prepare(
      `INSERT INTO approvals (id, incident_id, requested_at, answered, record) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
    ) as Writes<[string, string, number, number, TextFor<"store">]>,
    get: database.prepare("SELECT id, record FROM approvals WHERE id = ?"),
    of: database.prepare(
      "SELECT id, record FROM approvals WHERE incident_id = ? ORDER BY requested_at DESC, number DESC",
    ),
    unanswered: database.prepare(
      "SELECT id, record FROM approvals WHERE answered = 0 ORDER BY requested_at, number",
    ),
    replace: database.prepare("UPDATE approvals SET answered = ?, record = ? WHERE id = ?") as Writes<
      [number, TextFor<"store">, string]
    >,
  };
}
