import type { Evidence, Fact, Gap } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { logQuotesOf, quoteText, statementOf } from "../../domain/log-quotes.ts";
import { stopReasonsOf } from "../../domain/stop-reasons.ts";
import { answerCommands, waitingApproval } from "../text/approval-text.ts";
import { changeLine } from "../text/change-line.ts";
import { confidenceWord, formatConfidence } from "../text/format.ts";
import type { IncidentLink } from "../text/incident-links.ts";
import { reportedOutcome } from "../text/outcome.ts";
import { rankedText } from "../text/ranked-text.ts";
import { citedFacts, diagnosisOf, lastDiagnosisOf } from "../text/summary.ts";
import { firstOf } from "./slack-blocks.ts";
import type { ReportLine, ReportLines } from "./slack-lines.ts";
import { slackValue } from "./slack-text.ts";

/** The sections of the message as lines; every value in them is escaped, a part without lines is left out. */

/** The state, in the first line, then what came of it, what failed, and why a claim of the record is doubted. */
export function statusPart(incident: Incident, lines: ReportLines): string[] {
  const { doubt } = reportedOutcome(incident);
  return [
    `*Status: ${lines.status.value}*`,
    ...(doubt ? [`*Doubt:* ${slackValue(doubt, 300)}`] : [slackValue(incident.summary, 400)]),
    ...lines.held.map(labelled),
    ...lines.errors.map(labelled),
  ];
}

/** Who was asked and what they said; while it waits, how to answer. */
export function approvalPart(incident: Incident, lines: ReportLines): string[] {
  const waiting = waitingApproval(incident);
  const commands = waiting
    ? answerCommands(incident.id, waiting).map((command) => `\`${slackValue(command, 200)}\``)
    : [];
  return [
    ...lines.approvals.map(labelled),
    ...(commands.length > 0 ? [`*Answer* with ${commands.join(" or ")}`] : []),
  ];
}

/** Other incidents and alarms that belong to the picture, and tasks still to be given back. */
export function relatedPart({ related, giveBack }: ReportLines): string[] {
  return [...related, ...(giveBack ? [giveBack] : [])].map(labelled);
}

/** Who said so, for the reader: the application's own words prove nothing by themselves. */
const PROVENANCE: Readonly<Record<Fact["provenance"], string>> = {
  "control-plane": "AWS control plane",
  metric: "metric",
  "custom-metric": "metric that applications can write",
  trigger: "the message that came, unverified",
  log: "application log, unverified",
  memory: "earlier incident",
};

export function causePart(
  incident: Incident,
  rootCause: ReportLine,
  { brief = false }: { readonly brief?: boolean } = {},
): string[] {
  const confidence = incident.decision?.confidence;
  const earned = confidence?.earned ?? diagnosisOf(incident)?.confidence;
  const lowered = firstOf(confidence?.lowered ?? [], 3, (step) => {
    return `• lowered to ${formatConfidence(step.to)} by ${slackValue(step.rule, 60)}: ${slackValue(step.reason, 200)}`;
  });
  const facts = firstOf(
    citedFacts(incident),
    4,
    (fact) => `• ${fact.id} (${PROVENANCE[fact.provenance]}) ${slackValue(statementOf(fact), 250)}`,
  );
  return [
    ...(incident.evidence ? [changed(incident.evidence)] : []),
    labelled(rootCause),
    ...(earned === undefined
      ? []
      : [`*Confidence:* ${confidenceWord(earned)} (${formatConfidence(earned)})`]),
    ...consideredLine(incident),
    ...(brief ? [] : lowered),
    ...facts,
  ];
}

/** What else may be the cause, by the diagnosis that the report ends with. */
function consideredLine(incident: Incident): string[] {
  const diagnosis = lastDiagnosisOf(incident);
  const told = diagnosis && rankedText(diagnosis);
  return told === undefined ? [] : [`*${told.label}:* ${slackValue(told.value, 300)}`];
}

export const LOG_SAYS = "The log says (the application's claim, not AWS's)";
/** Characters of a line and of its cause each: three of them fit on a phone. */
const QUOTE_ROOM = 180;

/** The answer to the first question of every incident. */
function changed(evidence: Evidence): string {
  const [label = "", ...answer] = changeLine(evidence).split(": ");
  return `*${label}:* ${slackValue(answer.join(": "), 300)}`;
}

/** AWS's own reasons of stops, whole. */
export function stopPart({ evidence, further }: Incident): string[] {
  const reasons = stopReasonsOf(further?.evidence ?? evidence);
  return titled(
    "AWS says of the stopped tasks",
    reasons.map((reason) => `• ${slackValue(reason, 700)}`),
  );
}

/** The log's own words, which name what broke; marked, since the application can write anything. */
export function logPart(incident: Incident): string[] {
  const quotes = logQuotesOf(incident).map((quote) => `• ${slackValue(quoteText(quote, QUOTE_ROOM), 450)}`);
  return titled(LOG_SAYS, quotes);
}

export function uncertainPart(incident: Incident): string[] {
  const diagnosis = diagnosisOf(incident);
  const missing = [...(diagnosis?.missing ?? []), ...(incident.further?.diagnosis?.missing ?? [])];
  return [
    ...titled(
      "Ruled out",
      firstOf(diagnosis?.ruledOut ?? [], 4, ({ cause, why }) => `• ${cause}: ${slackValue(why, 180)}`),
    ),
    ...titled("Could not be read", [
      ...firstOf(gapsOf(incident), 4, ({ source, message, remedy }) => {
        const advice = remedy === undefined ? "" : ` — ${slackValue(remedy, 150)}`;
        return `• ${slackValue(source, 40)}: ${slackValue(message, 180)}${advice}`;
      }),
    ]),
    ...titled(
      "Missing for a surer diagnosis",
      firstOf([...new Set(missing)], 2, (text) => `• ${slackValue(text, 180)}`),
    ),
  ];
}

/** The gaps of both looks, each once, the important ones first. */
function gapsOf({ evidence, further }: Incident): Gap[] {
  const gaps = [...(evidence?.gaps ?? []), ...(further?.evidence.gaps ?? [])];
  const once = new Map(gaps.map((gap) => [`${gap.source}: ${gap.message}`, gap]));
  return [...once.values()].toSorted((one, other) => Number(other.important) - Number(one.important));
}

export function nextPart(incident: Incident, rca: ReportLine): string[] {
  const steps = lastDiagnosisOf(incident)?.nextSteps ?? [];
  const next = firstOf(steps, 4, (step) => `• ${slackValue(step, 250)}`);
  return [...titled("Next", next), labelled(rca)];
}

/**
 * Links in one line of their own; the addresses hold no sign that could end a link.
 * https://docs.slack.dev/messaging/formatting-message-text#linking-urls
 */
export function linksPart(links: readonly IncidentLink[]): string[] {
  const written = links.map(({ label, url }) => `<${url.replaceAll("&", "&amp;")}|${label}>`);
  let line = "";
  for (const link of written) {
    // A link is whole or left out: half of one would show its address and swallow what follows.
    if (line.length + link.length <= LINKS_ROOM) line = line === "" ? link : `${line}  ·  ${link}`;
  }
  return line === "" ? [] : [line];
}

/** Characters of all links together. */
const LINKS_ROOM = 2_500;

function titled(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`*${title}:*`, ...items];
}

function labelled(line: ReportLine): string {
  return `*${line.label}:* ${line.value}`;
}
