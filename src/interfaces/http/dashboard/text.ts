/** Small pieces that pages share. Status is told by a sign and a word; the colour only repeats it. */
import type { Phase } from "../../../domain/incident/incident.ts";
import type { IncidentSummary, ListedAs } from "../../../domain/incident/incident-summary.ts";
import { formatClock, formatDuration } from "../../../notification/text/format.ts";
import { type Html, html } from "./html.ts";
import { phaseWord } from "./phase.ts";

const SIGNS: Readonly<Record<ListedAs | "waiting", readonly [sign: string, word: string]>> = {
  open: ["●", "Working on it"],
  waiting: ["?", "Waits for a person"],
  resolved: ["✓", "Resolved"],
  escalated: ["!", "Escalated"],
  failed: ["✕", "Agent failed"],
  observed: ["◌", "Observed"],
  note: ["·", "Note"],
};

export function statusWord(status: ListedAs): string {
  return SIGNS[status][1];
}

export function badge(status: ListedAs | "waiting"): Html {
  const [sign, word] = SIGNS[status];
  return html`<span class="badge ${status}"><span aria-hidden="true">${sign}</span> ${word}</span>`;
}

/** While an incident is open its phase stands in the badge: only one that asks waits for a person. */
export function statusBadge({ listedAs, waitsUntil, progress }: IncidentSummary): Html {
  if (progress === undefined) return badge(waitsUntil === undefined ? listedAs : "waiting");
  if (listedAs !== "open") return badge(listedAs);
  if (progress.phase === "asking" && waitsUntil !== undefined) return badge("waiting");
  return html`<span class="badge open"><span aria-hidden="true">●</span> ${phaseWord(progress.phase)}</span>`;
}

/** Since when; the page's script counts on from there. */
export function sinceWhen(iso: string): Html {
  return html`<span class="since" data-since="${iso}">since ${timeOfDay(iso)}</span>`;
}

/** The time of day to the second, in UTC. */
export function timeOfDay(iso: string): Html {
  return html`<time datetime="${iso}">${formatClock(iso).slice(0, 8)}</time>`;
}

/** A moment to the second, in UTC. */
export function moment(iso: string): Html {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return html`${iso}`;
  const text = new Date(time).toISOString().slice(0, 19).replace("T", " ");
  return html`<time datetime="${iso}">${text}</time>`;
}

export function lasted({ openedAt, closedAt }: IncidentSummary): string {
  return closedAt === undefined ? "" : formatDuration(Date.parse(closedAt) - Date.parse(openedAt));
}

/** A value for one part of an address. Events may hold lone surrogates, which `encodeURIComponent` throws on. */
export function urlPart(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

export function incidentPath(id: string): string {
  return `/incidents/${urlPart(id)}`;
}

/** What was done, and what came of it; of one that is still made, taken back or proven, just that. */
export function actionWords({ actions, wouldHave, progress }: IncidentSummary): string {
  const last = actions.length - 1;
  const made = actions.map(({ action, verified, outcome }, index) => {
    const underWay = index === last && progress !== undefined ? UNDER_WAY[progress.phase] : undefined;
    const came = verified ?? (outcome === "nothing-changed" ? "nothing changed" : undefined);
    return [action, underWay ?? came].filter(Boolean).join(": ");
  });
  if (made.length > 0) return made.join(", then ");
  if (progress !== undefined) return "not yet";
  return wouldHave === undefined ? "none" : `would have: ${wouldHave}`;
}

const UNDER_WAY: Readonly<Partial<Record<Phase, string>>> = {
  acting: "under way",
  proving: "being proven",
  undoing: "being taken back",
};

export interface Column {
  readonly title: string;
  /** Numbers stand at the right. */
  readonly number?: boolean;
}

/** A table whose rows are cards on a phone. The first cell of a row names it. */
export function dataTable(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly (Html | string | number)[])[],
): Html {
  return html`<table class="data"><caption>${caption}</caption><thead><tr>${columns.map(
    ({ title, number }) => html`<th scope="col"${number ? html` class="number"` : ""}>${title}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (cells) =>
      html`<tr>${cells.map((cell, index) => {
        const column = columns[index];
        const kind = column?.number ? html` class="number"` : "";
        return index === 0
          ? html`<th scope="row"${kind}>${cell}</th>`
          : html`<td data-label="${column?.title ?? ""}"${kind}>${cell}</td>`;
      })}</tr>`,
  )}</tbody></table>`;
}

/** What stands where there is nothing yet: why, and what to do next. */
export function emptyState(title: string, ...next: readonly Html[]): Html {
  return html`<section class="empty"><h2>${title}</h2>${next.map((line) => html`<p>${line}</p>`)}</section>`;
}
