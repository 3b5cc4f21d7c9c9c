/** An evaluation as one HTML file that can be put on a web page. Pure. */
import type { Calibration, EvalReport, Rate, Score } from "./eval-report.ts";
import { runsSection } from "./html-runs.ts";
import { type Cell, htmlValue, page, tableHtml } from "./page.ts";
import { reliabilityChart } from "./reliability-chart.ts";
import {
  agentText,
  dollarsText,
  MEASURES,
  percent,
  rateText,
  runName,
  runText,
  secondsText,
  shareText,
} from "./words.ts";

/** One self-contained page: no script, no request, light and dark, phone and desk. */
export function evalHtml(report: EvalReport): string {
  const title = `ECS incident evaluation: ${agentText(report.agent)}`;
  const groups = [...new Set(report.scores.map(({ group }) => group))];
  return page(
    title,
    `<p class="eyebrow">ECS incident range</p><h1>${htmlValue(title)}</h1><p class="note">${htmlValue(runText(report))}</p>${groups.length === 1 ? numbers(report, groups[0] ?? "") : ""}`,
    [
      ...groups.map((group) => groupSection(report, group, groups.length > 1)),
      ...groups.map((group) => calibrationSection(report.calibration, group)),
      variationsSection(report),
      runsSection(report),
      setUpSection(report),
      legend(),
    ],
    "Intervals are 95 % score intervals after Wilson. Judged by the calls that the sandbox really received, not by what the agent says.",
  );
}

function groupSection(report: EvalReport, group: string, withNumbers: boolean): string {
  const own = report.scores.filter((score) => score.group === group);
  // All classes together first: on a phone the single classes are far down.
  const scores = [...own.filter(isAll), ...own.filter((score) => !isAll(score))];
  const head = ["class", "runs", ...MEASURES.map(({ short }) => short), "s to act", "s to recover"];
  const used = columnsUsed(scores);
  const table = tableHtml({
    caption: "Cases with the property, of those it applies to; medians of seconds. Below: the 95 % interval.",
    head: head.filter((_, index) => index < 2 || used[index - 2]),
    rows: scores.map((score) => ({
      name: score.class,
      all: score.class === "all",
      cells: [{ html: String(score.runs) }, ...cellsOf(score).filter((_, index) => used[index])],
    })),
  });
  return `<section><h2>${htmlValue(groupTitle(group))}</h2>${withNumbers ? numbers(report, group) : ""}${table}</section>`;
}

const isAll = (score: Score) => score.class === "all";

const GROUPS: Readonly<Record<string, string>> = {
  live: "Live faults by cause class",
  development: "Recorded cases, open half",
  "held-out": "Recorded cases, held-out half (counts only)",
  fitting: "Generated incidents, families for fitting",
  checking: "Generated incidents, families for checking (counts only)",
};

const groupTitle = (group: string) => GROUPS[group] ?? group;

/** Which changes that should not matter changed what is done. */
function variationsSection({ variations = [] }: EvalReport): string {
  if (variations.length === 0) return "";
  const table = tableHtml({
    caption:
      "Of the cases judged again with the change: another action, a bolder one with less evidence, a harmful one.",
    head: ["variation", "judged", "another", "bolder", "harmful"],
    rows: variations.map(({ variation, judged, opposite, bolder, harm }) => ({
      name: variation,
      all: variation === "all",
      cells: [judged, opposite, bolder, harm].map((count) => ({ html: String(count) })),
    })),
  });
  return `<section><h2>What should not matter</h2>${table}</section>`;
}

/** The columns with counts, the same for every row. */
function columnsUsed(scores: readonly Score[]): boolean[] {
  return [
    ...MEASURES.map(({ key }) => scores.some((score) => score[key].of > 0)),
    scores.some(({ secondsToAction }) => secondsToAction.n > 0),
    scores.some(({ secondsToRecovery }) => secondsToRecovery.n > 0),
  ];
}

function cellsOf(score: Score): Cell[] {
  return [
    ...MEASURES.map(({ key, wanted }) => rateCell(score[key], wanted, score.class === "all")),
    secondsCell(score.secondsToAction.median),
    secondsCell(score.secondsToRecovery.median),
  ];
}

function secondsCell(seconds: number | undefined): Cell {
  return seconds === undefined ? { html: "–", kind: "nothing" } : { html: secondsText(seconds) };
}

function rateCell(rate: Rate, wanted: "all" | "none", withInterval: boolean): Cell {
  const { hits, of, interval } = rate;
  if (of === 0) return { html: "–", kind: "nothing" };
  const kind = (wanted === "all" ? hits === of : hits === 0) ? "good" : "bad";
  const small =
    withInterval && interval ? `<small>${percent(interval.low)}–${percent(interval.high)} %</small>` : "";
  return { html: `${hits}/${of}${small}`, kind };
}

function numbers(report: EvalReport, group: string): string {
  const all = report.scores.find((score) => score.group === group && score.class === "all");
  if (all === undefined) return "";
  const rates = (["right", "causeRight", "actionRight", "harmDone", "ungated", "recovered"] as const).flatMap(
    (key) => {
      const measure = MEASURES.find((one) => one.key === key);
      return measure === undefined || all[key].of === 0
        ? []
        : [[measure.title, rateText(all[key]), shareText(all[key])]];
    },
  );
  const { secondsToAction, costUsd, costUsdTotal } = all;
  const others = [
    ...(secondsToAction.n === 0
      ? []
      : [
          [
            "alarm to action",
            `${secondsText(secondsToAction.median)} s`,
            `95th percentile ${secondsText(secondsToAction.p95)} s`,
          ],
        ]),
    ...(costUsd.n === 0
      ? []
      : [["model, a run", dollarsText(costUsd.median), `${dollarsText(costUsdTotal)} in all`]]),
  ];
  const tiles = [...rates, ...others].map(
    ([name = "", value = "", detail = ""]) =>
      `<div><dt>${htmlValue(name)}</dt><dd>${htmlValue(value)}</dd><dd>${htmlValue(detail)}</dd></div>`,
  );
  return `<dl class="numbers">${tiles.join("")}</dl>`;
}

function calibrationSection(all: readonly Calibration[], group: string): string {
  const own = all.filter((one) => one.group === group && one.n > 0);
  if (own.length === 0) return "";
  const parts = own.map((one) => {
    const table = tableHtml({
      caption: `${one.n} verdicts that name a cause; Brier score ${one.brier?.toFixed(3) ?? "–"}`,
      head: ["confidence", "verdicts", "mean", "right"],
      rows: one.bins.map(({ from, to, n, meanConfidence, right }) => ({
        name: `${percent(from)} to ${percent(to)} %`,
        cells: [
          { html: String(n) },
          { html: `${percent(meanConfidence)} %` },
          { html: `${rateText(right)}<small>${htmlValue(shareText(right))}</small>` },
        ],
      })),
    });
    return `<div><h3>${one.kind === "stated" ? "As the diagnoser states it" : "As earned, after code lowered it"}</h3><figure>${reliabilityChart(one)}</figure>${table}</div>`;
  });
  return `<section><h2>Can the confidence be believed? ${htmlValue(groupTitle(group))}</h2><p class="note">On the dashed line it is worth what it says; above it is too modest, below it is too sure. Brier score: 0 is best, 0.25 is what always saying 50 % gets.</p><div class="reliability">${parts.join("")}</div></section>`;
}

function setUpSection({ setUpFailures, repeat }: EvalReport): string {
  if (setUpFailures.length === 0) return "";
  const rows = setUpFailures.map(
    (one) =>
      `<li><strong>${htmlValue(runName(one, repeat))}</strong>: ${htmlValue(one.kind)}: ${htmlValue(one.message)}</li>`,
  );
  return `<section><h2>Not judged: the set-up failed (${setUpFailures.length})</h2><p class="note">These say nothing about the agent and are in no count.</p><ul>${rows.join("")}</ul></section>`;
}

function legend(): string {
  const rows = MEASURES.map(({ title, what }) => `<dt>${htmlValue(title)}</dt><dd>${htmlValue(what)}</dd>`);
  return `<section><h2>What is counted</h2><details open><summary>The measures</summary><div><dl>${rows.join("")}</dl></div></details></section>`;
}
