/** A question to people as a Slack message: what exactly would be done, why a person is asked, how to answer. */
import type { Approval, Approver } from "../../domain/approval.ts";
import { planText } from "../text/action-line.ts";
import { answerCommands } from "../text/approval-text.ts";
import { between, confidenceWord, formatConfidence, formatDuration, formatTime } from "../text/format.ts";
import { type ActionsBlock, answerButtons } from "./slack-approval-buttons.ts";
import { context, fields, header, type SlackBlock, section } from "./slack-blocks.ts";
import { heldLines, type MessageBrake } from "./slack-brake.ts";
import { LOG_SAYS } from "./slack-parts.ts";
import { slackValue } from "./slack-text.ts";

export type ApprovalBlock = SlackBlock | ActionsBlock;

/** A message as Slack's webhook, chat.postMessage and chat.update take it. */
export interface ApprovalMessage {
  /** The fallback: what notifications and screen readers show, and all that is needed to answer. */
  readonly text: string;
  readonly blocks: readonly ApprovalBlock[];
}

/**
 * The question, within every limit of Slack whatever it contains. Pure. `buttons` only where a Slack app can receive
 * them. An answered question has no buttons: the answer stands in their place.
 */
export function renderApproval(
  approval: Approval,
  { buttons, brake }: { readonly buttons: boolean; readonly brake?: MessageBrake | undefined },
): ApprovalMessage {
  const { answer } = approval;
  const held = answer === undefined ? heldLines(brake, approval.target) : [];
  const heldText = held.map(({ label, value }) => `${label}: ${value}`);
  const title = `✋ ${answer === undefined ? "Approval needed" : "Approval closed"}: ${service(approval)} | ${approval.severity}`;
  const pressed = answer === undefined && buttons ? answerButtons(approval) : undefined;
  const quotes = logSays(approval);
  const closing = answer === undefined ? howToAnswer(approval, pressed !== undefined) : [];
  return {
    text: [
      title,
      `Change: ${change(approval)}`,
      `Root Cause: ${rootCause(approval)}`,
      ...logSays(approval)
        .slice(0, 1)
        .map((quote) => `Log says: ${quote}`),
      ...(answer === undefined
        ? [`Until: ${until(approval)}`, ...heldText, ...closing]
        : [`Answer: ${answered(approval)}`]),
    ].join("\n"),
    blocks: [
      header(title),
      section([`*Change:* ${change(approval)}`, ...details(approval)]),
      ...(held.length === 0 ? [] : [section(held.map(({ label, value }) => `*${label}:* ${value}`))]),
      fields(numbers(approval)),
      section([`*Root Cause:* ${rootCause(approval)}`, "*Asked because:*", ...reasons(approval)]),
      ...(quotes.length === 0 ? [] : [section([`*${LOG_SAYS}:*`, ...quotes.map((quote) => `• ${quote}`)])]),
      ...(answer === undefined ? [] : [section([`*Answer:* ${answered(approval)}`])]),
      ...(pressed === undefined ? [] : [pressed]),
      ...(closing.length === 0 ? [] : [section(closing)]),
      context([`plan ${slackValue(approval.planHash, 64)}`, `question ${slackValue(approval.id, 80)}`]),
    ],
  };
}

/** What became of a question, in short, for channels that cannot change what they posted. Pure. */
export function renderApprovalClosed(approval: Approval): ApprovalMessage {
  const about = `Approval closed: ${service(approval)} | ${approval.severity}`;
  const lines = [`Change: ${change(approval)}`, `Answer: ${answered(approval)}`];
  return { text: [about, ...lines].join("\n"), blocks: [section([`*${about}*`, ...lines])] };
}

function service({ target }: Approval): string {
  return slackValue(target.service, 80);
}

function change({ plan, target }: Approval): string {
  return `${slackValue(planText(plan), 700)} on ${slackValue(`${target.cluster}/${target.service}`, 200)}`;
}

function details({ plan }: Approval): string[] {
  if (plan.action === "restart") {
    return plan.tasks.map((task) => `• ${slackValue(task.taskId, 60)}: ${slackValue(task.why, 120)}`);
  }
  if (plan.action === "scale") return [];
  return plan.how === "stop-deployment"
    ? [`• by ending the deployment that is going on${deploymentId(plan.deploymentArn)}`]
    : ["• by giving the service its earlier task definition"];
}

function deploymentId(arn: string | undefined): string {
  return arn === undefined ? "" : ` (${slackValue(arn.slice(arn.lastIndexOf("/") + 1), 60)})`;
}

function numbers(approval: Approval): (readonly [string, string])[] {
  const { confidence } = approval;
  return [
    ["Severity", approval.severity],
    ["Cause", approval.cause],
    ["Confidence", `${confidenceWord(confidence)} (${formatConfidence(confidence)})`],
    ["Answer until", until(approval)],
    ["Incident", slackValue(approval.incidentId, 150)],
  ];
}

function rootCause(approval: Approval): string {
  return slackValue(approval.rootCause || approval.cause, 600);
}

function logSays({ logSays: quotes = [] }: Approval): string[] {
  return quotes.slice(0, 3).map((quote) => slackValue(quote, 450));
}

const REASONS = 3;

/** `why` is sentences, one for each rule that wants a person. */
function reasons({ why }: Approval): string[] {
  const sentences = why.split(/(?<=[.!?])\s+(?=[\p{Lu}\p{N}"])/u, 40);
  const rest = sentences.length - REASONS;
  return [
    ...sentences.slice(0, REASONS).map((reason) => `• ${slackValue(reason, 250)}`),
    ...(rest > 0 ? [`• and ${rest} more, in the incident's report`] : []),
  ];
}

function until({ requestedAt, deadline }: Approval): string {
  const time = between(requestedAt, deadline);
  const within = time === undefined ? "" : ` (${formatDuration(time)} from the question)`;
  return `${slackValue(formatTime(deadline), 60)}${within}; no answer means no`;
}

function howToAnswer(approval: Approval, buttons: boolean): string[] {
  return [
    `${buttons ? "Answer with a button, or on" : "Answer on"} the command line:`,
    ...answerCommands(approval.incidentId, approval).map((command) => slackValue(command, 250)),
  ];
}

function answered({ answer, deadline }: Approval): string {
  if (answer === undefined) return "none yet";
  const at = slackValue(formatTime(answer.at), 60);
  const note = answer.note === undefined ? "" : `: ${slackValue(answer.note, 300)}`;
  switch (answer.verdict) {
    case "approved":
      return `approved by ${who(answer.by)} at ${at}${note}`;
    case "denied":
      return `denied by ${who(answer.by)} at ${at}${note}. Nothing was done; the incident is yours.`;
    case "expired":
      return `none until ${slackValue(formatTime(deadline), 60)}, which means no. Nothing was done; the incident is yours.`;
    case "unasked":
      return `none: nobody was asked until ${slackValue(formatTime(deadline), 60)}, because no channel took the question. Nothing was done; the incident is yours.`;
    case "withdrawn":
      return `withdrawn at ${at}${note || ": the trouble had passed."} Nothing was done.`;
    case "voided":
      return `approved, but voided at ${at}${note || ": the world had changed"}. Nothing was done; the incident is yours.`;
  }
}

/** A Slack user is mentioned, so that the name is shown; any other name is a plain value. */
function who(by: Approver | undefined): string {
  if (by === undefined) return "nobody";
  const mention = by.channel === "slack" && /^[UW][A-Z0-9]{4,20}$/.test(by.id);
  return mention ? `<@${by.id}>` : `${slackValue(by.id, 80)} (${by.channel})`;
}
