/** One incident: the written report's own parts, with what only a live page can have around them. */
import type { Approval } from "../../../domain/approval.ts";
import { factsOf } from "../../../domain/evidence.ts";
import { textOf } from "../../../domain/incident/event-text.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "../../../domain/incident/incident-event.ts";
import { summaryOf } from "../../../domain/incident/incident-summary.ts";
import { logQuotesOf, quoteText, statementOf } from "../../../domain/log-quotes.ts";
import { planText } from "../../../notification/text/action-line.ts";
import { formatConfidence, formatDollars } from "../../../notification/text/format.ts";
import { citedFacts, rootCauseOf, serviceOf } from "../../../notification/text/summary.ts";
import { type RcaParts, rcaParts } from "../../../reporting/rca/rca-html.ts";
import { recurrenceSentence } from "../../../reporting/rca/recurrence.ts";
import { type Html, html, trusted } from "./html.ts";
import { phaseSection } from "./phase-section.ts";
import type { IncidentView } from "./reading.ts";
import { dataTable, incidentPath, moment, statusBadge } from "./text.ts";

/** Whether this identity's answer would count, and under which name. */
export interface Answering {
  readonly id: string;
  readonly allowed: boolean;
  readonly canSignIn: boolean;
}

/** What the page shows beside what the JSON API has: the phases that the events make. */
export interface IncidentStory extends IncidentView {
  readonly events: readonly (IncidentEvent | UnknownEvent)[];
}

export function incidentPage(view: IncidentStory, answering: Answering, now: Date): Html {
  const { incident, approvals, trail, earlier, events } = view;
  const parts = rcaParts(incident, earlier);
  const [summary, ...others] = parts.sections;
  const waiting = approvals.find(
    (one) => one.answer === undefined && Date.parse(one.deadline) > now.getTime(),
  );
  const again = recurrenceSentence(incident, earlier);
  const path = incidentPath(incident.id);
  const links = [
    ...(parts.charts === "" ? [] : [["charts", "Metrics"]]),
    ...others.map(({ id, heading }) => [id, heading]),
    ["trail", "Audit trail"],
  ];
  return html`<div id="incident" data-live>
<p class="eyebrow"><a href="/">Incidents</a> / ${incident.id}</p>
<div class="headline"><h1>${parts.title}</h1>
<p class="facts-line">${statusBadge(summaryOf(incident))} <span class="chip">${incident.severity}</span> <span class="chip">${serviceOf(incident)}</span> opened ${moment(incident.openedAt)}</p></div>
${phaseSection(incident, approvals, events, answering.id)}
${again === undefined ? "" : html`<p class="recurrence">${again}</p>`}
<div id="question-place">${waiting === undefined ? "" : question(waiting, answering)}</div>
${causeCard(view)}
${keyNumbers(parts.numbers)}
<p class="downloads"><a href="${path}/rca">Root cause analysis</a> <a href="${path}/rca.md" download="${incident.id}.md">Download as Markdown</a> <a href="/api${path}">JSON</a></p>
<nav class="contents" aria-label="On this page">${links.map(([id, name]) => html`<a href="#${id}">${name}</a> `)}</nav>
${trusted(summary?.html ?? "")}
${trusted(parts.charts)}
${others.map(({ html: section }) => trusted(section))}
<section id="trail"><h2>Audit trail</h2>${
    trail.length === 0
      ? html`<p>Nothing has happened yet.</p>`
      : dataTable(
          "Every event, in order; each entry is sealed with the one before",
          [{ title: "When" }, { title: "What" }, { title: "Detail" }],
          trailRows(trail, events),
        )
  }</section>
</div>
${confirmDialog()}`;
}

/** In the words of the event that the entry seals; those of before events were kept have only their own. */
function trailRows(trail: IncidentStory["trail"], events: IncidentStory["events"]): (Html | string)[][] {
  const told = new Map(events.map((event) => [event.key, textOf(event)]));
  return trail.map(({ key, at, event, detail }) => {
    const text = told.get(key);
    return [moment(at), text?.event ?? event, text?.detail ?? detail];
  });
}

/** Cause and confidence stand above already. */
function keyNumbers(numbers: RcaParts["numbers"]): Html {
  const others = numbers.filter(([name]) => name !== "Cause" && name !== "Confidence");
  if (others.length === 0) return html``;
  return html`<dl class="numbers">${others.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** The answer to "what is it, how sure, and why", before anything else. */
function causeCard({ incident }: IncidentView): Html {
  const { cause, confidence } = summaryOf(incident);
  const facts = citedFacts(incident).slice(0, 4);
  const gaps = incident.evidence?.gaps.length ?? 0;
  const looking = incident.diagnosis === undefined && LOOKING.has(incident.progress?.phase ?? "");
  const past = incident.evidence ? factsOf(incident.evidence, "past-incident").length : 0;
  return html`<section class="cause" aria-labelledby="cause-title"><h2 id="cause-title">${
    cause === undefined ? "Cause" : html`Cause: ${cause}`
  }${confidence === undefined ? "" : html` <span class="chip">confidence ${formatConfidence(confidence)}</span>`}</h2>
<p>${looking ? "Not known yet: OpsAgent is looking for it." : rootCauseOf(incident)}</p>
${
  facts.length === 0
    ? ""
    : html`<ul class="cited">${facts.map(
        (fact) =>
          html`<li><a href="#${fact.id}">${fact.id}</a> <span class="chip">${fact.provenance}</span> ${statementOf(fact)}</li>`,
      )}</ul>`
}
${quoteList(logQuotesOf(incident).map((quote) => quoteText(quote)))}
<p class="soft">${incident.evidence === undefined ? "No evidence yet" : `${incident.evidence.facts.length} facts, ${gaps} gaps`}${past === 0 ? "" : html`, ${past} earlier incidents`}${
    looking ? "" : html`; ${diagnosedBy(incident)}`
  }</p></section>`;
}

/** The log's own words. */
function quoteList(quotes: readonly string[]): Html {
  if (quotes.length === 0) return html``;
  return html`<p class="soft">The log says (the application's claim, not AWS's):</p><ul class="cited">${quotes.map((quote) => html`<li>${quote}</li>`)}</ul>`;
}

function diagnosedBy({ model }: Incident): string {
  if (model === undefined) return "diagnosed by the rules, no model was asked";
  const cost = model.costUsd === undefined ? "cost not told" : formatDollars(model.costUsd);
  return `${model.model}, ${model.inputTokens + model.outputTokens} tokens, ${cost}`;
}

/** Phases in which the cause may still be found. */
const LOOKING: ReadonlySet<string> = new Set(["investigating", "waiting"]);

function question(approval: Approval, { id, allowed, canSignIn }: Answering): Html {
  const { plan, planHash, target, why, deadline, incidentId, rootCause, logSays = [] } = approval;
  const short = planHash.slice(0, 8);
  const change = `${planText(plan)} on ${target.cluster}/${target.service}`;
  return html`<section class="question" id="question" aria-labelledby="question-title">
<h2 id="question-title">A person is asked</h2>
<p class="change">${change}</p>
<dl class="pairs"><dt>Why it is asked</dt><dd>${why}</dd><dt>Cause</dt><dd>${rootCause}</dd><dt>Plan</dt><dd><code>${short}</code></dd><dt>Until</dt><dd>${moment(deadline)}; no answer means no</dd></dl>
${quoteList(logSays)}
${
  allowed
    ? html`<div class="answers" data-incident="${incidentId}" data-plan="${planHash}" data-change="${change}">
<button type="button" class="yes" data-verdict="approve">Approve …</button>
<button type="button" class="no" data-verdict="deny">Deny …</button>
<span class="soft">answers are kept under the name ${id}</span></div>`
    : html`<p class="refused">Answers of ${id} do not count here: the policy's <code>approvals.httpClients</code> does not list that name.${
        canSignIn && id.startsWith("@")
          ? html` <a href="/sign-in?to=${incidentPath(incidentId)}">Sign in with a token</a> that it lists, or answer`
          : " Answer"
      } on the command line.</p>`
}
<details><summary>On the command line</summary><p><code>opsagent approve ${incidentId} --plan ${short}</code></p><p><code>opsagent deny ${incidentId} --plan ${short}</code></p></details>
</section>`;
}

/** Filled by the page's script. Without scripts the command line answers. */
function confirmDialog(): Html {
  return html`<dialog id="confirm" aria-labelledby="confirm-title">
<h2 id="confirm-title">Confirm</h2>
<p id="confirm-change" class="change"></p>
<p>Plan <code id="confirm-plan"></code>. The answer counts for this exact plan only.</p>
<label>A word on why, for the record (optional) <input id="confirm-note" maxlength="500" autocomplete="off"></label>
<div class="answers"><button type="button" id="confirm-yes">Confirm</button> <button type="button" id="confirm-no" class="quiet">Cancel</button></div>
</dialog>`;
}
