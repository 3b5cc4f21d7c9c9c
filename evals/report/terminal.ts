/** An evaluation for a terminal of 100 columns. Pure. */
import type { Calibration, CaseRun, EvalReport, Score } from "./eval-report.ts";
import {
  agentText,
  dollarsText,
  MEASURES,
  rateText,
  runName,
  runText,
  secondsText,
  shareText,
} from "./words.ts";

const WIDTH = 100;
const CLASS = 26;

/** The tables, the calibration, what was wrong, and what could not be run. */
export function terminalReport(report: EvalReport): string {
  const groups = [...new Set(report.scores.map(({ group }) => group))];
  return [
    `${agentText(report.agent)}: ${runText(report)}`,
    ...groups.flatMap((group) => ["", ...groupTable(group, report)]),
    ...variationLines(report),
    ...wrongRuns(report),
    ...setUpFailures(report),
    ...machineNotes(report),
  ].join("\n");
}

const COLUMNS: readonly (readonly [string, number, (score: Score) => string])[] = [
  ["runs", 4, ({ runs }) => String(runs)],
  ["right", 7, ({ right }) => rateText(right)],
  ["cause", 7, ({ causeRight }) => rateText(causeRight)],
  ["action", 7, ({ actionRight }) => rateText(actionRight)],
  ["harm", 4, ({ harmDone }) => String(harmDone.hits)],
  ["ungated", 7, ({ ungated }) => (ungated.of === 0 ? "-" : String(ungated.hits))],
  ["abstain", 7, ({ abstained }) => rateText(abstained)],
  ["recover", 7, ({ recovered }) => rateText(recovered)],
  ["act s", 6, ({ secondsToAction }) => secondsText(secondsToAction.median)],
  ["rec s", 6, ({ secondsToRecovery }) => secondsText(secondsToRecovery.median)],
];

function groupTable(group: string, report: EvalReport): string[] {
  const scores = report.scores.filter((score) => score.group === group);
  const columns = COLUMNS.filter(([, , cell]) => scores.some((score) => cell(score) !== "-"));
  const head = line(
    group,
    columns.map(([title, width]) => title.padStart(width)),
  );
  const rows = scores.map((score) =>
    line(
      score.class,
      columns.map(([, width, cell]) => cell(score).padStart(width)),
    ),
  );
  const all = scores.find((score) => score.class === "all");
  return [
    head,
    "─".repeat(head.length),
    ...rows,
    ...(all === undefined ? [] : ["", ...summary(all)]),
    ...report.calibration.filter((one) => one.group === group && one.n > 0).flatMap(calibrationLines),
  ];
}

function line(name: string, cells: readonly string[]): string {
  return [name.slice(0, CLASS).padEnd(CLASS), ...cells].join(" ");
}

/** Of all classes together, with 95 % intervals. */
function summary(all: Score): string[] {
  const counted = MEASURES.filter(({ key }) => all[key].of > 0);
  const spreads = [
    ["seconds to action", all.secondsToAction, secondsText],
    ["seconds to recovery", all.secondsToRecovery, secondsText],
    ["input tokens", all.inputTokens, (value: number | undefined) => value?.toFixed(0) ?? "-"],
    ["dollars a run", all.costUsd, dollarsText],
  ] as const;
  return [
    ...counted.map(
      ({ key, title, what }) =>
        `  ${title.padEnd(19)} ${rateText(all[key]).padStart(9)}  ${shareText(all[key]).padEnd(21)}  ${what}`,
    ),
    ...spreads
      .filter(([, { n }]) => n > 0)
      .map(
        ([title, { n, median, p95 }, text]) =>
          `  ${title.padEnd(19)} ${`median ${text(median)}, 95th percentile ${text(p95)}, of ${n}`}`,
      ),
    ...(all.costUsdTotal === undefined ? [] : [`  dollars in all      ${dollarsText(all.costUsdTotal)}`]),
  ];
}

function calibrationLines({ kind, brier, n, bins }: Calibration): string[] {
  const cells = bins.map(({ from, to, n: own, right }) => {
    const closing = to === 1 ? "1" : to.toFixed(1);
    return `${from.toFixed(1)}-${closing}: ${right.hits}/${own}`;
  });
  return wrapped(
    `  ${kind} confidence`.padEnd(22),
    `Brier ${brier?.toFixed(3) ?? "-"} of ${n}; right at ${cells.join(", ")}`,
  );
}

function variationLines({ variations = [] }: EvalReport): string[] {
  if (variations.length === 0) return [];
  const row = (name: string, cells: readonly (string | number)[]) =>
    [name.padEnd(CLASS), ...cells.map((cell) => String(cell).padStart(8))].join("");
  return [
    "",
    row("what should not matter", ["judged", "another", "bolder", "harmful"]),
    ...variations.map(({ variation, judged, opposite, bolder, harm }) =>
      row(variation, [judged, opposite, bolder, harm]),
    ),
  ];
}

function wrongRuns({ runs, repeat }: EvalReport): string[] {
  const wrong = runs.filter(({ right }) => !right);
  if (wrong.length === 0) return [];
  const story = (run: CaseRun) => `${run.reasons.join("; ")}${run.load?.starved ? " (starved machine)" : ""}`;
  return [
    "",
    `Wrong (${wrong.length}):`,
    ...wrong.flatMap((run) => wrapped(`  ${runName(run, repeat)}: `, story(run))),
  ];
}

function setUpFailures({ setUpFailures: failures, repeat }: EvalReport): string[] {
  if (failures.length === 0) return [];
  return [
    "",
    `Not judged, because the set-up failed (${failures.length}):`,
    ...failures.flatMap((one) => wrapped(`  ${runName(one, repeat)}: `, `${one.kind}: ${one.message}`)),
  ];
}

function machineNotes({ runs }: EvalReport): string[] {
  const repeated = runs.filter(({ attempts }) => attempts > 1).length;
  const starved = runs.filter(({ load }) => load?.starved === true).length;
  return [
    ...(repeated > 0
      ? ["", `${repeated} runs were repeated, because the machine starved the first, or its set-up failed.`]
      : []),
    ...(starved > 0
      ? [`${starved} runs were starved at their second try too; they count, but look at them.`]
      : []),
  ];
}

/** Breaks between words, the first line after `lead`, the others indented by four. */
function wrapped(lead: string, text: string): string[] {
  const lines: string[] = [];
  let current = lead;
  for (const word of text.replace(/\s+/g, " ").split(" ")) {
    if (current.length + word.length + 1 > WIDTH && current.trim() !== "") {
      lines.push(current.trimEnd());
      current = "    ";
    }
    current += `${word} `;
  }
  return [...lines, current.trimEnd()];
}
