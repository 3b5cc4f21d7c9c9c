/** Pages of figures: services, scorecard and cost. */
import { plural } from "../../../domain/plural.ts";
import { formatDollars } from "../../../notification/text/format.ts";
import type { CostReport, CostRow } from "../../../reporting/overview/cost-report.ts";
import type { ServiceOverview } from "../../../reporting/overview/service-overview.ts";
import { MIN_JUDGED, type ScorecardRow } from "../../../reporting/scorecard/scorecard.ts";
import type { Tally } from "../../../reporting/scorecard/scorecard-tally.ts";
import { type Html, html } from "./html.ts";
import { DAYS, MOST } from "./reading.ts";
import { badge, dataTable, emptyState, incidentPath, moment, urlPart } from "./text.ts";

/** Says that figures are of a part; nothing where they are whole. */
function partNote(complete: boolean): Html {
  return complete
    ? html``
    : html`<p class="soft">More than ${MOST} incidents came in ${DAYS} days: these figures are of the newest ${MOST}.</p>`;
}

export function servicesPage(given: {
  readonly services: readonly ServiceOverview[];
  readonly complete: boolean;
}): Html {
  const { services, complete } = given;
  return html`<h1>Services</h1>
<p class="lead">What OpsAgent may do on each service now, by the very rules that decide, and how it went in the last ${DAYS} days.</p>
${partNote(complete)}
<div id="services" data-live>${
    services.length === 0
      ? emptyState(
          "No service is known yet",
          html`A service appears with its first incident, or when the policy file names it under <code>services:</code>.`,
          html`<code>opsagent policy explain --service NAME</code> says what would be allowed on any service.`,
        )
      : services.map(serviceCard)
  }</div>`;
}

function serviceCard(given: ServiceOverview): Html {
  const { service, cluster, modes, heldBack, recent, counts, actionsLastHour, actionsPerHour } = given;
  const { incidents, resolved, escalated, failed, open } = counts;
  return html`<section class="service"><h2>${service} ${cluster === undefined ? "" : html`<span class="chip">${cluster}</span>`} ${given.protected ? html`<span class="chip">protected</span>` : ""}</h2>
<dl class="modes">${modes.map(
    ({ action, mode, setBy }) =>
      html`<div><dt>${action}</dt><dd><span class="chip mode-${mode}">${mode}</span> <span class="soft">${setBy}</span></dd></div>`,
  )}</dl>
<p>Actions in the last hour: ${actionsLastHour} of ${actionsPerHour}; above that a person is asked. ${
    heldBack.length === 0 ? "No rule holds an action back now." : "What holds an action back now:"
  }</p>
${heldBack.length === 0 ? "" : html`<ul>${heldBack.map(({ rule, reason, outcome }) => html`<li><strong>${rule}</strong> ${outcome === "ask" ? "asks a person" : "refuses"}: ${reason}</li>`)}</ul>`}
<p class="soft">${given.history}</p>
<p>${plural(incidents, "incident")} in ${DAYS} days: ${resolved} resolved, ${escalated} escalated, ${failed} failed, ${open} open. ${
    incidents === 0 ? "" : html`<a href="/?service=${urlPart(service)}">All of ${service}</a>`
  }</p>
${
  recent.length === 0
    ? ""
    : html`<ul class="recent" aria-label="Newest incidents of ${service}">${recent.map(
        ({ id, listedAs, cause, openedAt }) =>
          html`<li><a href="${incidentPath(id)}">${badge(listedAs)} <span>${cause ?? "no cause"}</span></a> <span class="soft">${moment(openedAt)}</span></li>`,
      )}</ul>`
}</section>`;
}

export function scorecardPage(card: { rows: readonly ScorecardRow[]; complete: boolean }): Html {
  return html`<h1>Scorecard</h1>
<p class="lead">How often an action was right, or would have been in mode observe, in the last ${DAYS} days. Look at it before you raise a mode.</p>
${
  card.rows.length === 0
    ? emptyState(
        "Nothing to score yet",
        html`A case appears when OpsAgent acts, or would have acted in mode <code>observe</code>. Run it with <code>OPSAGENT_MODE=observe</code> on real alarms for some weeks.`,
        html`Say what was right with <code>opsagent judge INCIDENT right|wrong</code>: a person's word counts before everything else.`,
      )
    : html`${dataTable(
        `By service, cause and action${card.complete ? "" : ", of the newest 2000 incidents"}`,
        [
          { title: "Service" },
          { title: "Cause" },
          { title: "Action" },
          { title: "Right", number: true },
          { title: "Wrong", number: true },
          { title: "Not needed", number: true },
          { title: "Unknown", number: true },
          { title: "Share right, 95 %" },
          { title: "Advice" },
        ],
        card.rows.map(({ service, cause, action, together, advice }) => [
          service,
          cause,
          action,
          together.right,
          together.wrong,
          together.unneeded,
          together.unknown,
          shareOf(together),
          advice === "ready for auto" ? html`<span class="badge resolved">✓ ready for auto</span>` : advice,
        ]),
      )}
${card.rows.map(
  ({ service, cause, action, cases }) =>
    html`<details class="cases"><summary>${service}: ${action} for ${cause}, ${cases.length} ${cases.length === 1 ? "case" : "cases"}</summary><ul>${cases
      .toReversed()
      .slice(0, 50)
      .map(
        ({ incidentId, truth, reason, kind }) =>
          html`<li><a href="${incidentPath(incidentId)}">${incidentId}</a> ${kind === "acted" ? "done" : "would have been done"}: <strong>${truth}</strong>, ${reason}</li>`,
      )}</ul></details>`,
)}`
}
<p class="soft">"Right" is evidence for an action, not proof: a service may have recovered by itself. "Ready for auto" needs at least ${MIN_JUDGED} judged cases and a share whose lower end is 80 % or more.</p>`;
}

function shareOf({ right, judged, interval }: Tally): string {
  if (judged === 0 || interval === undefined) return "no case judged";
  const percent = (share: number) => Math.round(share * 100);
  return `${percent(right / judged)} % (${percent(interval.low)} to ${percent(interval.high)} %)`;
}

export function costPage(cost: CostReport & { readonly complete: boolean }): Html {
  const { rows, total, withoutModel } = cost;
  return html`<h1>Cost</h1>
<p class="lead">What language models cost in the last ${DAYS} days, from the incidents' own records.</p>
${partNote(cost.complete)}
${
  rows.length === 0
    ? emptyState(
        "No model was asked",
        withoutModel === 0
          ? html`There was no incident in the last ${DAYS} days.`
          : html`The built-in rules diagnosed all ${withoutModel} incidents, which costs nothing.`,
        html`With <code>OPENROUTER_API_KEY</code> a model diagnoses and the rules give the second opinion; <code>limits.modelBudgetUsd</code> caps what one incident may cost.`,
      )
    : html`<dl class="numbers">
<div><dt>Dollars</dt><dd>${formatDollars(total.costUsd)}</dd></div><div><dt>Per incident</dt><dd>${formatDollars(total.costUsd / total.incidents)}</dd></div>
<div><dt>Incidents with a model</dt><dd>${total.incidents}</dd></div><div><dt>By the rules alone</dt><dd>${withoutModel}</dd></div>
<div><dt>Input tokens</dt><dd>${total.inputTokens}</dd></div><div><dt>Output tokens</dt><dd>${total.outputTokens}</dd></div></dl>
${bars(rows)}
${dataTable(
  "By day and model, newest first",
  [
    { title: "Day" },
    { title: "Model" },
    { title: "Incidents", number: true },
    { title: "Calls", number: true },
    { title: "Tokens in", number: true },
    { title: "Tokens out", number: true },
    { title: "Dollars", number: true },
  ],
  rows.map((one) => [
    one.day,
    one.model,
    one.incidents,
    one.calls,
    one.inputTokens,
    one.outputTokens,
    `${formatDollars(one.costUsd)}${one.unpriced === 0 ? "" : ` and ${one.unpriced} not told`}`,
  ]),
)}`
}`;
}

const WIDTH = 720;
const HEIGHT = 120;

/** Dollars by day, one bar each; the table below says the same. */
function bars(rows: readonly CostRow[]): Html {
  const days = new Map<string, number>();
  for (const { day, costUsd } of rows) days.set(day, (days.get(day) ?? 0) + costUsd);
  const inOrder = [...days].sort(([one], [other]) => (one < other ? -1 : 1));
  const most = Math.max(...days.values());
  if (!(most > 0)) return html``;
  const step = Math.min(60, WIDTH / inOrder.length);
  return html`<section><figure><svg viewBox="0 0 ${WIDTH} ${HEIGHT + 20}" role="img" aria-label="Dollars by day, at most ${formatDollars(most)}">${inOrder.map(
    ([day, dollars], index) => {
      const height = Math.max(1, (dollars / most) * HEIGHT);
      const label = inOrder.length <= 12 ? day.slice(5) : "";
      return html`<rect class="cost" x="${(index * step + 2).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step - 4).toFixed(1)}" height="${height.toFixed(1)}"></rect><text x="${(index * step + step / 2).toFixed(1)}" y="${HEIGHT + 14}" text-anchor="middle">${label}</text>`;
    },
  )}</svg><figcaption>Dollars by day; the highest bar is ${formatDollars(most)}</figcaption></figure></section>`;
}
