import type { Incident } from "../../domain/incident.ts";
import { actionPart, furtherPart, verificationPart } from "./slack-action-parts.ts";
import {
  context,
  fields,
  header,
  SLACK_LIMITS,
  type SlackBlock,
  sections,
  textLength,
} from "./slack-blocks.ts";
import { contextParts, summaryFields } from "./slack-facts.ts";
import { fallbackText, reportLines } from "./slack-lines.ts";
import { approvalPart, causePart, nextPart, relatedPart, statusPart, uncertainPart } from "./slack-parts.ts";

/** A message as Slack's webhook and chat.postMessage take it. */
export interface SlackMessage {
  /** The fallback: what notifications and screen readers show. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/**
 * One incident as a Slack message, within every limit of Slack whatever the incident contains. Pure.
 * Order of the parts: header and state, the question to a person, the numbers, other alarms, the cause with its
 * facts, the action and the rule behind it, the second look, the proof, what was ruled out or not read, what to do
 * next, and how this came about.
 */
export function renderSlackMessage(incident: Incident): SlackMessage {
  const lines = reportLines(incident);
  const [top, numbers, end] = [
    header(lines.title),
    fields(summaryFields(incident)),
    context(contextParts(incident)),
  ];
  const state = [statusPart(incident, lines), approvalPart(incident, lines)];
  const story = [
    relatedPart(lines),
    causePart(incident, lines.rootCause),
    actionPart(incident, lines.action),
    furtherPart(incident),
    verificationPart(incident),
    uncertainPart(incident),
    nextPart(incident, lines.rca),
  ];
  const room = SLACK_LIMITS.allBlocks - textLength([top, numbers, end]);
  const told = sections([...state, ...story], room);
  const before = state.filter((part) => part.length > 0).length;
  return {
    text: fallbackText(lines),
    blocks: [top, ...told.slice(0, before), numbers, ...told.slice(before), { type: "divider" }, end],
  };
}
