import { foldLine } from "./fold-line.ts";

/** Values inside Markdown: a log line must stay text, whatever it contains. */

const LONGEST_VALUE = 4_000;

/** A value on one line with everything escaped that could format, link, embed or end a table cell. */
export function markdownValue(text: string, empty = "—"): string {
  const line = foldLine(text);
  const shown = line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE).toWellFormed()}…` : line;
  const escaped = shown
    .replace(/[\\`*[\]|~#$!]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    // At the start of a line these would open a list, a rule or a heading's underline.
    .replace(/^(?:[-+](?=\s|$)|[-=]+$)/, "\\$&")
    .replace(/^(\d+)([.)])(?=\s|$)/, "$1\\$2");
  return escaped || empty;
}

/** Lines in a code fence that is longer than any run of backticks in them, so that none can close it. */
export function fenced(lines: readonly string[]): string {
  const shown = lines.map(foldLine);
  const runs = shown.flatMap((line) => line.match(/`+/g) ?? []).map((run) => run.length);
  const fence = "`".repeat(Math.max(3, Math.max(0, ...runs) + 1));
  return [`${fence}text`, ...shown, fence].join("\n");
}
