/** Small pieces that pages share. Status is told by a sign and a word; the colour only repeats it. */
import type { IncidentSummary, ListedAs } from "../../../domain/incident/incident-summary.ts";
import { formatDuration } from "../../../notification/text/format.ts";
import { type Html, html } from "./html.ts";

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

export function statusBadge(summary: IncidentSummary): Html {
  return badge(summary.waitsUntil === undefined ? summary.listedAs : "waiting");
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

/** What was done, and what came of it. */
export function actionWords({ actions, wouldHave }: IncidentSummary): string {
  const made = actions.map(({ action, verified, outcome }) =>
    [action, verified ?? (outcome === "nothing-changed" ? "nothing changed" : undefined)]
      .filter(Boolean)
      .join(": "),
  );
  if (made.length > 0) return made.join(", then ");
  return wouldHave === undefined ? "none" : `would have: ${wouldHave}`;
}

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
