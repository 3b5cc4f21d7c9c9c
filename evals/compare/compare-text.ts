/** A comparison as text, for a terminal of 100 columns. Pure. */
import { percent } from "../report/words.ts";
import { type ComparedRow, type Comparison, MEASURES } from "./compare.ts";

/** The text of a row; never "better" unless the interval shows it. */
export const VERDICT_TEXT: Readonly<Record<ComparedRow["verdict"], string>> = {
  better: "B is better",
  worse: "B is worse",
  "no-difference-shown": "no difference that these runs can show",
};

/** Rows of all classes together, then the classes in which something differs. */
export function comparisonText(comparison: Comparison): string {
  const { a, b, rows } = comparison;
  const groups = [...new Set(rows.map(({ group }) => group))];
  return [
    `A: ${a}`,
    `B: ${b}`,
    ...groups.flatMap((group) => ["", ...groupText(rows.filter((row) => row.group === group))]),
    ...notesOf(comparison).flatMap((note) => ["", note]),
    "",
    "Claimed only below p = 0.05 with an interval without 0; classes after Holm's correction.",
  ].join("\n");
}

/** Returns what was not compared, and why. */
export function notesOf({ rows, unmatched, otherCases, setUpFailures }: Comparison): string[] {
  const { a, b } = unmatched;
  return [
    ...(rows.length === 0 ? ["The two reports have no case in common: nothing can be compared."] : []),
    ...(a.length + b.length > 0
      ? [`Not compared: ${a.length} cases only in A, ${b.length} only in B, or with another truth.`]
      : []),
    ...otherCases.map((group) => `Not compared: ${group}, of which A and B ran different cases.`),
    ...(setUpFailures.a + setUpFailures.b > 0
      ? [`Set-up failures, not judged: ${setUpFailures.a} in A, ${setUpFailures.b} in B.`]
      : []),
  ];
}

function groupText(rows: readonly ComparedRow[]): string[] {
  const [first] = rows;
  const all = rows.filter((row) => row.class === "all");
  const classes = rows.filter((row) => row.class !== "all" && row.difference !== 0);
  const cases = all[0]?.cases ?? 0;
  return [
    `${first?.group}: ${first?.method === "paired" ? `${cases} cases that both have, paired` : `counts of ${cases} cases`}`,
    `${"class".padEnd(26)} ${"measure".padEnd(13)} ${"A".padStart(7)} ${"B".padStart(7)}  ${"B - A, 95 % interval".padEnd(23)} p`,
    ...all.flatMap(rowText),
    ...classes.flatMap(rowText),
    ...(classes.length === 0 ? ["  In no class is there any difference."] : []),
  ];
}

function rowText(row: ComparedRow): string[] {
  const { a, b, measure, p, verdict } = row;
  const name = row.class.slice(0, 26).padEnd(26);
  const numbers = `${`${a.hits}/${a.of}`.padStart(7)} ${`${b.hits}/${b.of}`.padStart(7)}`;
  const head = `${name} ${MEASURES[measure].title.padEnd(13)} ${numbers}  ${differenceText(row).padEnd(23)} ${pText(p)}`;
  const split =
    row.discordant === undefined || row.difference === 0
      ? ""
      : ` (better in ${row.discordant.better} cases, worse in ${row.discordant.worse})`;
  return [head, `${" ".repeat(27)}${VERDICT_TEXT[verdict]}${split}`];
}

/** Percentage points with their interval; where no pair differs, a bootstrap would make it look certain. */
export function differenceText({ difference, interval, discordant }: ComparedRow): string {
  if (discordant?.better === 0 && discordant.worse === 0) return "0 (no case differs)";
  return `${points(difference)} (${points(interval.low)} to ${points(interval.high)})`;
}

function points(share: number): string {
  const whole = percent(Math.abs(share));
  return whole === 0 ? "0" : `${share > 0 ? "+" : "-"}${whole}`;
}

export function pText(p: number): string {
  return p < 0.001 ? "< 0.001" : p.toFixed(3);
}
