import { htmlValue } from "../../notification/text/html-text.ts";
import type { RcaBlock, RcaSection } from "./rca-document.ts";

/** Words in a cell that deserve a colour; the words themselves carry the meaning. */
const TONES = new Map([
  ["pass", "good"],
  ["met", "good"],
  ["done", "good"],
  ["OK", "good"],
  ["supports", "good"],
  ["lower", "warn"],
  ["ask", "warn"],
  ["skipped", "warn"],
  ["unknown", "warn"],
  ["could not be read", "warn"],
  ["refuse", "bad"],
  ["ALARM", "bad"],
  ["refused", "bad"],
  ["not met", "bad"],
  ["speaks against", "bad"],
]);

/** Ids of the facts that an evidence table holds, and what their anchors begin with: each look has its own. */
export interface FactLinks {
  readonly ids: ReadonlySet<string>;
  readonly prefix: string;
}

/** A section as HTML. Ids of facts that its look's evidence table holds become links to their row. */
export function sectionHtml(section: RcaSection, facts: FactLinks): string {
  const isEvidence = section.id.endsWith("evidence");
  const links = isEvidence ? { ...facts, ids: new Set<string>() } : facts;
  const blocks = section.blocks.map((block) => blockHtml(block, links, isEvidence));
  return `<section id="${section.id}"><h2>${htmlValue(section.heading)}</h2>${blocks.join("\n")}</section>`;
}

function blockHtml(block: RcaBlock, facts: FactLinks, anchors: boolean): string {
  switch (block.kind) {
    case "text":
      return `<p>${linked(block.text, facts)}</p>`;
    case "pairs":
      return `<dl class="pairs">${block.pairs
        .map(([name, value]) => `<dt>${htmlValue(name)}</dt><dd>${linked(value, facts)}</dd>`)
        .join("")}</dl>`;
    case "list":
      return `<ul>${block.items.map((item) => `<li>${linked(item, facts)}</li>`).join("")}</ul>`;
    case "table":
      return tableHtml(block.columns, block.rows, facts, anchors);
    case "log":
      return `<pre>${block.lines.map(htmlValue).join("\n")}</pre>`;
  }
}

function tableHtml(
  columns: readonly string[],
  rows: readonly (readonly string[])[],
  facts: FactLinks,
  anchors: boolean,
): string {
  const head = columns.map((column) => `<th scope="col">${htmlValue(column)}</th>`).join("");
  const body = rows.map((cells) => {
    const id = anchors && /^E\d+$/.test(cells[0] ?? "") ? ` id="${facts.prefix}${cells[0]}"` : "";
    const shown = cells.map((cell, index) => cellHtml(cell, columns[index] ?? "", facts));
    return `<tr${id}>${shown.join("")}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

function cellHtml(cell: string, column: string, facts: FactLinks): string {
  const tone = TONES.get(cell);
  const names = [tone, cell.length <= 20 ? "short" : undefined].filter((name) => name !== undefined);
  const style = names.length > 0 ? ` class="${names.join(" ")}"` : "";
  return `<td data-label="${htmlValue(column)}"${style}>${linked(cell, facts)}</td>`;
}

function linked(text: string, { ids, prefix }: FactLinks): string {
  return htmlValue(text).replace(/\bE\d+\b/g, (id) =>
    ids.has(id) ? `<a href="#${prefix}${id}">${id}</a>` : id,
  );
}
