/** What is going on now, what people answered, and the phases that led here: the first thing on an incident's page. */
import type { Approval, ApprovalAnswer } from "../../../domain/approval.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../../domain/incident/incident-event.ts";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import { planText } from "../../../notification/text/action-line.ts";
import { approverText } from "../../../notification/text/approval-text.ts";
import { formatDuration } from "../../../notification/text/format.ts";
import { PHASE_WORDS } from "../../../notification/text/phase.ts";
import { undeliveredLines } from "../../../notification/text/undelivered-text.ts";
import { type Html, html } from "./html.ts";
import { type PassedPhase, phaseParts, phasesOf } from "./phase.ts";
import { lasted, moment, sinceWhen, statusWord, timeOfDay } from "./text.ts";

/** `reader`: the name under which this page's own answers are kept. */
export function phaseSection(
  incident: Incident,
  approvals: readonly Approval[],
  events: readonly (IncidentEvent | UnknownEvent)[],
  reader: string,
): Html {
  const passed = phasesOf(events);
  const ended = incident.closedAt === undefined ? undefined : summaryOf(incident).listedAs;
  return html`<section class="phase" id="phase" data-phase="${incident.progress?.phase ?? "ended"}"${ended === undefined ? "" : html` data-end="${ended}"`} aria-label="What is going on">
<p class="phase-now">${phaseNow(incident)}</p>
${undeliveredLines(incident).map((line) => html`<p class="answered">${line}</p>`)}
${approvals.toReversed().map((approval) => answerLine(approval, reader))}
<p class="answer-said" id="answer-said" role="alert"></p>
${passed.length === 0 ? "" : html`<ol class="phases" aria-label="Phases">${passed.map(phaseItem)}${endItem(incident)}</ol>`}
</section>`;
}

function phaseNow(incident: Incident): Html {
  const { progress, closedAt } = incident;
  if (progress !== undefined) {
    const [head, rest] = phaseParts(progress);
    return html`<strong>${head}</strong>: <span class="phase-detail">${rest}</span> ${sinceWhen(progress.since)}`;
  }
  const summary = summaryOf(incident);
  const end =
    closedAt === undefined
      ? ""
      : html` <span class="phase-detail">closed ${moment(closedAt)}, ${lasted(summary)} after it was opened</span>`;
  return html`<strong>${statusWord(summary.listedAs)}</strong>${end}`;
}

const VERDICTS: Readonly<Record<ApprovalAnswer["verdict"], string>> = {
  approved: "Approved",
  denied: "Denied",
  expired: "Nobody answered in time; no answer means no",
  unasked: "Nobody was asked: no channel took the question",
  withdrawn: "The question was withdrawn",
  voided: "Approved, but not done",
};

/** What came of a question, for as long as the page stands. */
function answerLine({ answer, plan }: Approval, reader: string): Html {
  if (answer === undefined) return html``;
  const { verdict, by, at, note } = answer;
  const who = by?.channel === "http" && by.id === reader ? "you" : approverText(by);
  const said =
    verdict === "approved" || verdict === "denied" ? `${VERDICTS[verdict]} by ${who}` : VERDICTS[verdict];
  return html`<p class="answered"><strong>${said} ${timeOfDay(at)}</strong>: ${planText(plan)}${note ? html`; ${note}` : ""}</p>`;
}

function phaseItem({ phase, since, until }: PassedPhase): Html {
  const word = PHASE_WORDS[phase];
  if (until === undefined) {
    return html`<li class="now" aria-current="step"><span aria-hidden="true">●</span> ${word}</li>`;
  }
  const took = formatDuration(Date.parse(until) - Date.parse(since));
  return html`<li><span aria-hidden="true">✓</span> ${word} <span class="took">${took}</span></li>`;
}

function endItem(incident: Incident): Html {
  if (incident.closedAt === undefined) return html``;
  const { listedAs } = summaryOf(incident);
  return html`<li class="end ${listedAs}">${statusWord(listedAs)}</li>`;
}
