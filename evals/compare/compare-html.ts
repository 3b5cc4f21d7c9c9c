/** A comparison as one HTML file. Pure. */
import { htmlValue, page, tableHtml } from "../report/page.ts";
import { type ComparedRow, type Comparison, MEASURES } from "./compare.ts";
import { differenceText, notesOf, pText, VERDICT_TEXT } from "./compare-text.ts";

/** The same rows as in the terminal: all classes together, then the classes that differ. */
export function comparisonHtml(comparison: Comparison): string {
  const { a, b, rows } = comparison;
  const groups = [...new Set(rows.map(({ group }) => group))];
  const notes = notesOf(comparison);
  return page(
    "ECS incident evaluation: B against A",
    `<p class="eyebrow">ECS incident range</p><h1>Is B better than A?</h1><p class="note">A: ${htmlValue(a)}<br>B: ${htmlValue(b)}</p>`,
    [
      ...groups.map((group) => groupSection(rows.filter((row) => row.group === group))),
      notes.length === 0
        ? ""
        : `<section>${notes.map((note) => `<p>${htmlValue(note)}</p>`).join("")}</section>`,
    ],
    "Paired cases: McNemar's exact test and a bootstrap over cases. Counts: Fisher's exact test and Newcombe's interval. A difference is claimed only below p = 0.05 with an interval without 0; classes after Holm's correction.",
  );
}

function groupSection(rows: readonly ComparedRow[]): string {
  const [first] = rows;
  const all = rows.filter((row) => row.class === "all");
  const classes = rows.filter((row) => row.class !== "all" && row.difference !== 0);
  const table = tableHtml({
    caption:
      first?.method === "paired"
        ? `${all[0]?.cases ?? 0} cases that both have, paired. Differences in percentage points.`
        : "Only counts are known. Differences in percentage points.",
    head: ["class", "measure", "A", "B", "B - A (95 %)", "p", "verdict"],
    rows: [...all, ...classes].map((row) => ({
      name: row.class,
      all: row.class === "all",
      cells: [
        { html: htmlValue(MEASURES[row.measure].title), kind: "text" },
        { html: `${row.a.hits}/${row.a.of}` },
        { html: `${row.b.hits}/${row.b.of}` },
        { html: htmlValue(differenceText(row)) },
        { html: htmlValue(pText(row.p)) },
        { html: htmlValue(VERDICT_TEXT[row.verdict]), kind: `text ${KINDS[row.verdict]}` },
      ],
    })),
  });
  return `<section><h2>${htmlValue(first?.group ?? "")}</h2>${table}${classes.length === 0 ? '<p class="note">In no class is there any difference.</p>' : ""}</section>`;
}

const KINDS: Readonly<Record<ComparedRow["verdict"], string>> = {
  better: "good",
  worse: "bad",
  "no-difference-shown": "soft",
};
