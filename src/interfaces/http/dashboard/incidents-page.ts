import type { Approval } from "../../../domain/approval.ts";
import { type IncidentSummary, ListedAs } from "../../../domain/incident/incident-summary.ts";
import { planText } from "../../../notification/text/action-line.ts";
import { formatConfidence } from "../../../notification/text/format.ts";
import { type Html, html } from "./html.ts";
import { phaseDetail, withTimesOfDay } from "./phase.ts";
import type { ListQuery } from "./reading.ts";
import {
  actionWords,
  type Column,
  dataTable,
  emptyState,
  incidentPath,
  lasted,
  moment,
  sinceWhen,
  statusBadge,
  statusWord,
} from "./text.ts";

export interface IncidentsPage {
  readonly query: ListQuery;
  readonly summaries: readonly IncidentSummary[];
  readonly next: string | undefined;
  readonly waiting: readonly Approval[];
  /** Names to offer in the filter. */
  readonly services: readonly string[];
}

const COLUMNS: readonly Column[] = [
  { title: "Incident" },
  { title: "Status" },
  { title: "Severity" },
  { title: "Cause" },
  { title: "Action" },
  { title: "Opened" },
  { title: "Took" },
];

export function incidentsPage({ query, summaries, next, waiting, services }: IncidentsPage): Html {
  return html`<h1>Incidents</h1>
<div id="waiting" data-live>${waiting.length === 0 ? "" : waitingList(waiting)}</div>
${filterForm(query, services)}
<div id="list" data-live>
${summaries.length === 0 ? nothing(query) : dataTable(captionOf(query), COLUMNS, summaries.map(row))}
${pages(query, next)}
</div>`;
}

function waitingList(waiting: readonly Approval[]): Html {
  return html`<section class="question" aria-labelledby="waiting-title">
<h2 id="waiting-title">${waiting.length === 1 ? "A question waits for a person" : `${waiting.length} questions wait for a person`}</h2>
<ul>${waiting.map(
    ({ incidentId, target, plan, deadline }) =>
      html`<li><a href="${incidentPath(incidentId)}#question">${target.service}: ${planText(plan)}</a> until ${moment(deadline)}; no answer means no</li>`,
  )}</ul></section>`;
}

function filterForm({ status, service }: ListQuery, services: readonly string[]): Html {
  const option = (value: string, word: string) =>
    html`<option value="${value}"${value === (status ?? "") ? html` selected` : ""}>${word}</option>`;
  return html`<form class="filter" method="get" action="/" role="search" aria-label="Filter incidents">
<label>Status <select name="status">${option("", "All but notes")}${ListedAs.options.map((value) => option(value, statusWord(value)))}</select></label>
<label>Service <input name="service" value="${service ?? ""}" list="services" autocomplete="off" spellcheck="false" placeholder="any"></label>
<datalist id="services">${services.map((name) => html`<option value="${name}"></option>`)}</datalist>
<button>Filter</button>${status || service ? html` <a href="/">Show all</a>` : ""}
</form>`;
}

function captionOf({ status, service }: ListQuery): string {
  const which = ListedAs.options.find((one) => one === status);
  return [
    which === undefined ? "Incidents, newest first" : `${statusWord(which)}, newest first`,
    service ? `service ${service}` : "",
  ]
    .filter(Boolean)
    .join(", ");
}

function row(summary: IncidentSummary): (Html | string)[] {
  const { id, service, title, cause, confidence, severity, openedAt } = summary;
  return [
    html`<a href="${incidentPath(id)}">${service ?? title}</a><span class="sub">${withTimesOfDay(summary.summary)}</span>`,
    status(summary),
    severity,
    cause === undefined
      ? "—"
      : html`${cause}${confidence === undefined ? "" : html` <span class="soft">${formatConfidence(confidence)}</span>`}`,
    actionWords(summary),
    moment(openedAt),
    lasted(summary) || "—",
  ];
}

/** With what exactly is going on, and since when. */
function status(summary: IncidentSummary): Html {
  const { progress, undelivered } = summary;
  const untold =
    undelivered === undefined
      ? html``
      : html`<span class="sub">not told yet: ${undelivered.map(({ what, channel }) => `${what} to ${channel}`).join(", ")}</span>`;
  if (progress === undefined) return html`${statusBadge(summary)}${untold}`;
  return html`${statusBadge(summary)}${untold}<span class="sub phase-short">${phaseDetail(progress)} ${sinceWhen(progress.since)}</span>`;
}

function pages({ status, service, after }: ListQuery, next: string | undefined): Html {
  const address = (place: string) =>
    `/?${new URLSearchParams({ ...(status ? { status } : {}), ...(service ? { service } : {}), ...(place ? { after: place } : {}) })}`;
  if (next === undefined && !after) return html``;
  return html`<nav class="pages" aria-label="Pages">${after ? html`<a href="${address("")}">Newest</a>` : ""}${
    next === undefined ? "" : html`<a href="${address(next)}" rel="next">Older</a>`
  }</nav>`;
}

function nothing({ status, service, after }: ListQuery): Html {
  if (status || service || after) {
    return emptyState(
      "No incident fits",
      html`Nothing here has this status and service. <a href="/">Show all incidents</a>.`,
    );
  }
  return emptyState(
    "No incident yet",
    html`This page shows each incident as it happens. To see one, break something on purpose: <code>opsagent drill</code> runs a whole incident on this machine.`,
    html`For real ones, subscribe this server to your alarms' SNS topic, or send it an event: <code>POST /events</code>. <code>opsagent doctor</code> tells what is still missing.`,
  );
}
