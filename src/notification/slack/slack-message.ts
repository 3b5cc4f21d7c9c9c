import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentLink } from "../text/incident-links.ts";
import { phaseOf } from "../text/phase.ts";
import { actionPart, furtherPart, verificationPart } from "./slack-action-parts.ts";
import type { ActionsBlock } from "./slack-approval-buttons.ts";
import {
  context,
  fields,
  header,
  SLACK_LIMITS,
  type SlackBlock,
  sections,
  textLength,
} from "./slack-blocks.ts";
import { brakeButton, heldLines, type MessageBrake } from "./slack-brake.ts";
import { contextParts, summaryFields } from "./slack-facts.ts";
import { fallbackText, type ReportLines, reportLines } from "./slack-lines.ts";
import {
  approvalPart,
  causePart,
  explanationPart,
  linksPart,
  logPart,
  nextPart,
  relatedPart,
  statusPart,
  stopPart,
  uncertainPart,
} from "./slack-parts.ts";

/** A message as Slack's webhook and chat.postMessage take it. */
export interface SlackMessage {
  /** The fallback: what notifications and screen readers show. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** The message that evolves, with the switch under it where Slack can reach OpsAgent. */
export interface SlackStateMessage {
  readonly text: string;
  readonly blocks: readonly (SlackBlock | ActionsBlock)[];
}

export interface MessageOptions {
  /** Where a person looks next; shown behind the next steps. */
  readonly links?: readonly IncidentLink[];
  /** What is paused, and whether a button may change that. */
  readonly brake?: MessageBrake | undefined;
  /** The newest seal of the audit trail, as one word. */
  readonly auditSeal?: string | undefined;
}

/**
 * One incident as a Slack message, within every limit of Slack whatever the incident contains. Pure.
 * Order of the parts: header and state, the question to a person, the numbers, other alarms, the cause with its
 * facts, what the log says, the action and the rule behind it, the second look, the proof, what was ruled out or not read, what to do
 * next, and how this came about.
 */
export function renderSlackMessage(incident: Incident, options: MessageOptions = {}): SlackMessage {
  const lines = reportLines(incident, heldLines(options.brake, incident.target));
  const story = [
    relatedPart(lines),
    causePart(incident, lines.rootCause),
    explanationPart(incident),
    stopPart(incident),
    logPart(incident),
    actionPart(incident, lines.action),
    furtherPart(incident),
    verificationPart(incident),
    uncertainPart(incident),
    nextPart(incident, lines.rca),
    linksPart(options.links ?? []),
  ];
  return assembled(incident, lines, lines.title, story, options.auditSeal);
}

/**
 * The one message of an incident that evolves with it, for a phone: the same order, without what is only needed to check
 * the verdict (rules, steps, what was ruled out), which the report in its thread has. Pure.
 */
export function renderSlackState(incident: Incident, options: MessageOptions = {}): SlackStateMessage {
  const lines = reportLines(incident, heldLines(options.brake, incident.target));
  const message = assembled(incident, lines, `${lines.title} | ${phaseOf(incident)}`, [
    relatedPart(lines),
    ...(incident.evidence === undefined ? [] : [causePart(incident, lines.rootCause, { brief: true })]),
    explanationPart(incident, { brief: true }),
    stopPart(incident),
    logPart(incident),
    ...(incident.decision === undefined && incident.status === "open"
      ? []
      : [[`*${lines.action.label}:* ${lines.action.value}`]]),
    verificationPart(incident, { brief: true }),
    ...(incident.status === "open" ? [] : [nextPart(incident, lines.rca)]),
    linksPart(options.links ?? []),
  ]);
  const button = brakeButton(options.brake);
  return button === undefined ? message : { ...message, blocks: [...message.blocks, button] };
}

function assembled(
  incident: Incident,
  lines: ReportLines,
  title: string,
  story: readonly (readonly string[])[],
  auditSeal?: string,
): SlackMessage {
  const [top, numbers, end] = [
    header(title),
    fields(summaryFields(incident)),
    context([...contextParts(incident), ...(auditSeal === undefined ? [] : [auditSeal])]),
  ];
  const state = [statusPart(incident, lines), approvalPart(incident, lines)];
  const room = SLACK_LIMITS.allBlocks - textLength([top, numbers, end]);
  const told = sections([...state, ...story], room);
  const before = state.filter((part) => part.length > 0).length;
  return {
    text: fallbackText(lines),
    blocks: [top, ...told.slice(0, before), numbers, ...told.slice(before), { type: "divider" }, end],
  };
}
