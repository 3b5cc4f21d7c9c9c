/** What `doctor` found, for terminals down to the width of a phone. */
import { AREAS, type Area, type Status } from "../../../doctor/check.ts";
import type { Report, Result } from "../../../doctor/run-checks.ts";
import { wrap } from "../plain-text.ts";

const WORDS: Readonly<Record<Status, string>> = {
  ok: "ok",
  warning: "WARN",
  failed: "FAIL",
  skipped: "skip",
};
const NARROWEST = 40;
const WIDEST = 100;

/** The report grouped by area; `columns` is the terminal's width. */
export function reportText(report: Report, columns = 80): string {
  const width = Math.min(Math.max(columns, NARROWEST), WIDEST);
  const areas = (Object.keys(AREAS) as Area[]).flatMap((area) => {
    const results = report.results.filter((result) => result.area === area);
    return results.length === 0 ? [] : [[AREAS[area], ...linesOf(results, width)].join("\n")];
  });
  return [...areas, summary(report)].join("\n\n");
}

function linesOf(results: readonly Result[], width: number): string[] {
  const ids = [...new Set(results.map(({ id }) => id))];
  return ids.flatMap((id) => {
    const found = results.filter((result) => result.id === id);
    const fine = found.filter(({ status }) => status === "ok");
    // Many that are well are one line; each that is not is a line of its own.
    const folded = fine.length > 3 ? [foldedLine(id, fine, width)] : fine.map((one) => lineOf(one, width));
    return [...folded, ...found.filter(({ status }) => status !== "ok").map((one) => lineOf(one, width))];
  });
}

function lineOf({ status, id, subject, seen, remedy }: Result, width: number): string {
  const about = subject === undefined ? id : `${id} ${subject}`;
  const told = wrap(`${about}: ${seen}`, `  ${WORDS[status].padEnd(5)}`, width);
  return remedy === undefined || status === "ok" ? told : `${told}\n${wrap(remedy, "       -> ", width)}`;
}

function foldedLine(id: string, results: readonly Result[], width: number): string {
  const subjects = results.map(({ subject }) => subject ?? "").join(", ");
  return wrap(`${id}: ${results.length} are well: ${subjects}`, `  ${WORDS.ok.padEnd(5)}`, width);
}

function summary({ counts, milliseconds }: Report): string {
  const { ok, warning, failed, skipped } = counts;
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
  const parts = [`${failed} failed`, `${warning} warnings`, `${ok} ok`, `${skipped} skipped`];
  return `${failed > 0 ? "Not ready" : "Ready"}: ${parts.join(", ")} (${seconds}).`;
}
