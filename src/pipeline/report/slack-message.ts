import type { Incident } from "../../domain/incident.ts";
import { context, fields, header, type SlackBlock, section } from "./slack-blocks.ts";
import { contextParts, summaryFields } from "./slack-facts.ts";
import { fallbackText, reportLines } from "./slack-lines.ts";
import {
  actionPart,
  causePart,
  nextPart,
  statusPart,
  uncertainPart,
  verificationPart,
} from "./slack-parts.ts";

/** A message as Slack's webhook and chat.postMessage take it. */
export interface SlackMessage {
  /** The fallback: what notifications and screen readers show. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/**
 * One incident as a Slack message, within every limit of Slack whatever the incident contains. Pure.
 * Order of the parts: header and state, the numbers, the cause with its facts, the action and the rule behind
 * it, the proof, what was ruled out or not read, what to do next, and how this came about.
 */
export function renderSlackMessage(incident: Incident): SlackMessage {
  const lines = reportLines(incident);
  const parts = [
    actionPart(incident, lines.action),
    verificationPart(incident),
    uncertainPart(incident),
    nextPart(incident, lines.rca),
  ];
  return {
    text: fallbackText(lines),
    blocks: [
      header(lines.title),
      section(statusPart(incident, lines)),
      fields(summaryFields(incident)),
      section(causePart(incident, lines.rootCause)),
      ...parts.filter((part) => part.length > 0).map(section),
      { type: "divider" },
      context(contextParts(incident)),
    ],
  };
}
