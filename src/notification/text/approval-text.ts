import type { Approver } from "../../domain/approval.ts";
import type { AskedApproval, Incident } from "../../domain/incident/incident.ts";
import { formatMinute } from "./format.ts";

/** Questions to people and their answers, as plain text: each renderer escapes it itself. */

/** The question that an open incident waits for, if it does. */
export function waitingApproval(incident: Incident): AskedApproval | undefined {
  if (incident.status !== "open") return undefined;
  return [incident.further?.approval, incident.approval].find((asked) => asked && !asked.answer);
}

/**
 * What came of a look's question to a person, and what was asked: who, when, until when, about which plan. Undefined
 * where nobody was asked. `plan` is the exact change in words.
 */
export function approvalText(
  asked: AskedApproval | undefined,
  plan: string | undefined,
  status: Incident["status"],
): string | undefined {
  if (asked === undefined) return undefined;
  const about = plan === undefined ? "" : `: ${plan}`;
  return `${verdictText(asked, status)} Asked at ${minute(asked.requestedAt, asked)}${about}; plan ${shortPlanHash(asked)}.`;
}

/** What came of a question to a person. */
export function verdictText(asked: AskedApproval, status: Incident["status"]): string {
  const { answer } = asked;
  const deadline = minute(asked.deadline, asked);
  if (answer === undefined) {
    return status === "open"
      ? `Waits for a person until ${deadline}; no answer until then means no.`
      : `No answer was recorded; the deadline was ${deadline}.`;
  }
  const at = minute(answer.at, asked);
  const note = answer.note ? `: ${ended(answer.note)}` : ".";
  switch (answer.verdict) {
    case "approved":
      return `Approved by ${approverText(answer.by)} at ${at}${note}`;
    case "denied":
      return `Denied by ${approverText(answer.by)} at ${at}${note}`;
    case "expired":
      return `Expired: no answer until ${deadline}, and expiry means no.`;
    case "unasked":
      return `Nobody was asked until ${deadline}: no channel took the question. Nobody has said no.`;
    case "withdrawn":
      return `Withdrawn at ${at}: ${ended(answer.note || "the trouble had passed")}`;
    case "voided":
      return `${answer.by ? `Approved by ${approverText(answer.by)}, but voided` : "Voided"} at ${at}: ${ended(answer.note || "the service had changed meanwhile")}`;
  }
}

/** Who answered, with the channel: a Slack id says nothing on a command line. */
export function approverText(by: Approver | undefined): string {
  if (by === undefined) return "somebody whose name was not recorded";
  const where = { slack: "in Slack", cli: "on the command line", http: "over HTTP" };
  return `${by.id} ${where[by.channel]}`;
}

/** The deadline as people are told it. */
export function deadlineText(asked: AskedApproval): string {
  return minute(asked.deadline, asked);
}

/** The command lines that answer the question; the plan's hash keeps an answer from reaching another plan. */
export function answerCommands(incidentId: string, asked: AskedApproval): readonly [yes: string, no: string] {
  const rest = `${incidentId} --plan ${shortPlanHash(asked)}`;
  return [`opsagent approve ${rest}`, `opsagent deny ${rest}`];
}

/** Enough of the hash to tell the plans of one incident apart, and to type. */
export function shortPlanHash(asked: AskedApproval): string {
  return asked.planHash.slice(0, 8);
}

function minute(iso: string, asked: AskedApproval): string {
  return formatMinute(iso, asked.requestedAt);
}

function ended(sentence: string): string {
  const text = sentence.trim();
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
