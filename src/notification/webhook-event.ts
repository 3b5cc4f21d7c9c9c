import type { WebhookEvent } from "../domain/incident/webhook-event.ts";
import { logQuotesOf, quoteText } from "../domain/log-quotes.ts";
import type { StatusUpdate } from "./ports.ts";
import { lastDiagnosisOf } from "./text/summary.ts";

const LONGEST = 2_000;

/** A moment as other systems get it; of an already redacted incident. Pure. */
export function webhookEvent(
  { name, kind, at, incident }: StatusUpdate,
  url?: string,
  auditSeal?: string,
): WebhookEvent {
  const { id, status, severity, alert, openedAt, closedAt, verification } = incident;
  const target = incident.target ?? alert.target;
  const diagnosis = lastDiagnosisOf(incident);
  const quotes = logQuotesOf(incident);
  const decision = incident.further?.decision ?? incident.decision;
  const approval = incident.further?.approval ?? incident.approval;
  return {
    schemaVersion: "1",
    id: `${id}.${name}`,
    type: kind,
    moment: name,
    at,
    ...(auditSeal === undefined ? {} : { auditSeal }),
    incident: {
      id,
      status,
      severity,
      summary: cut(incident.summary),
      ...(incident.progress ? { progress: incident.progress } : {}),
      ...(target ? { target } : {}),
      alarm: cut(alert.alarm?.name ?? alert.title),
      openedAt,
      ...(closedAt ? { closedAt } : {}),
      ...(diagnosis ? { cause: diagnosis.cause, rootCause: cut(diagnosis.rootCause) } : {}),
      ...(quotes.length > 0 ? { logSays: quotes.map((quote) => cut(quoteText(quote))) } : {}),
      ...(decision
        ? {
            confidence: decision.confidence.earned,
            decision: { kind: decision.kind, action: decision.action },
          }
        : {}),
      actions: incident.actions.map(({ action, outcome }) => ({ action, outcome })),
      ...(verification
        ? { verification: { outcome: verification.outcome, reason: cut(verification.reason) } }
        : {}),
      ...(approval
        ? {
            approval: {
              deadline: approval.deadline,
              planHash: approval.planHash,
              ...(approval.answer ? { answer: approval.answer.verdict } : {}),
            },
          }
        : {}),
      failures: incident.failures
        .slice(0, 20)
        .map(({ stage, code, message }) => ({ stage, code, message: cut(message) })),
      ...(url === undefined ? {} : { url }),
    },
  };
}

function cut(text: string): string {
  const line = text.toWellFormed();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).toWellFormed()}…` : line;
}
