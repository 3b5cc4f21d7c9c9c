import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import { fenced, markdownValue } from "../../notification/text/markdown-text.ts";
import { rcaDocument } from "./rca-content.ts";
import type { RcaBlock } from "./rca-document.ts";

/**
 * The written root cause analysis in Markdown (CommonMark with GitHub's tables). Pure. `earlier`: incidents of the same
 * service and cause before this one, newest first.
 */
export function renderRca(incident: Incident, earlier: readonly IncidentSummary[] = []): string {
  const { title, status, sections } = rcaDocument(incident, earlier);
  const body = sections.flatMap(({ heading, blocks }) => [`## ${heading}`, ...blocks.map(block)]);
  return `${[`# RCA: ${markdownValue(title)}`, `**${incident.severity} · ${status}**`, ...body].join("\n\n")}\n`;
}

function block(content: RcaBlock): string {
  switch (content.kind) {
    case "text":
      return markdownValue(content.text);
    case "pairs":
      return content.pairs.map(([name, value]) => `- **${name}:** ${markdownValue(value)}`).join("\n");
    case "list":
      return content.items.map((item) => `- ${markdownValue(item)}`).join("\n");
    case "table":
      return [content.columns, content.columns.map(() => null), ...content.rows].map(row).join("\n");
    case "log":
      return fenced(content.lines);
  }
}

function row(cells: readonly (string | null)[]): string {
  return `| ${cells.map((cell) => (cell === null ? "---" : markdownValue(cell, ""))).join(" | ")} |`;
}
