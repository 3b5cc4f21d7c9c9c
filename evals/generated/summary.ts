/** Verdicts on generated incidents -> counts by family and in all. Pure. */
import { defaultPolicy } from "../recorded/gather.ts";
import type { Verdict } from "../recorded/judge.ts";
import { type Claim, reliability } from "../score/calibration.ts";
import type { Incident } from "./family.ts";

export type IncidentVerdict = Verdict<Incident>;

export interface Tally {
  readonly name: string;
  readonly incidents: number;
  /** The cause is acceptable, and so is the action. */
  readonly right: number;
  readonly rightCause: number;
  readonly harmActed: number;
  readonly harmAsked: number;
  /** Incidents in which one action is the due one, and in how many it would be done or asked for. */
  readonly due: number;
  readonly dueDone: number;
  readonly dueAsked: number;
  readonly asked: number;
  readonly abstained: number;
  /** A wrong cause with more confidence than an action needs. */
  readonly falselyCertain: number;
  readonly brier?: number | undefined;
}

/** One tally. Brier is over verdicts that name a cause. */
export function tallyOf(name: string, verdicts: readonly IncidentVerdict[]): Tally {
  const number = (test: (verdict: IncidentVerdict) => boolean) => verdicts.filter(test).length;
  const due = verdicts.filter(({ one }) => one.truth.actions[0] !== "none");
  const would = (kind: "act" | "ask") =>
    due.filter(({ one, decision }) => decision.kind === kind && decision.action === one.truth.actions[0])
      .length;
  return {
    name,
    incidents: verdicts.length,
    right: number(({ rightCause, rightAction, harm }) => rightCause && rightAction && harm === "none"),
    rightCause: number(({ rightCause }) => rightCause),
    harmActed: number(({ harm }) => harm === "acted"),
    harmAsked: number(({ harm }) => harm === "asked"),
    due: due.length,
    dueDone: would("act"),
    dueAsked: would("ask"),
    asked: number(({ decision }) => decision.kind === "ask"),
    abstained: number(({ abstained }) => abstained),
    falselyCertain: number(
      ({ rightCause, abstained, diagnosis }) =>
        !rightCause && !abstained && diagnosis.confidence > defaultPolicy.limits.confidenceThreshold,
    ),
    brier: reliability(claimsOf(verdicts)).brier,
  };
}

/** A claim of each verdict that names a cause. */
export const claimsOf = (verdicts: readonly IncidentVerdict[]): Claim[] =>
  verdicts.flatMap(({ abstained, diagnosis, rightCause }) =>
    abstained ? [] : [{ confidence: diagnosis.confidence, right: rightCause }],
  );

/** A tally of each family, in their order, and one of all. */
export function talliesOf(verdicts: readonly IncidentVerdict[]): Tally[] {
  const families = [...new Set(verdicts.map(({ one }) => one.family))];
  return [
    ...families.map((family) =>
      tallyOf(
        family,
        verdicts.filter(({ one }) => one.family === family),
      ),
    ),
    tallyOf("all", verdicts),
  ];
}

const COLUMNS: readonly (readonly [string, (tally: Tally) => string])[] = [
  ["family", ({ name }) => name],
  ["n", ({ incidents }) => `${incidents}`],
  ["right", ({ right }) => `${right}`],
  ["cause", ({ rightCause }) => `${rightCause}`],
  ["harm", ({ harmActed }) => `${harmActed}`],
  ["harm asked", ({ harmAsked }) => `${harmAsked}`],
  ["due done", ({ due, dueDone }) => (due === 0 ? "-" : `${dueDone}/${due}`)],
  ["due asked", ({ due, dueAsked }) => (due === 0 ? "-" : `${dueAsked}/${due}`)],
  ["abstained", ({ abstained }) => `${abstained}`],
  ["falsely certain", ({ falselyCertain }) => `${falselyCertain}`],
  ["Brier", ({ brier }) => brier?.toFixed(3) ?? "-"],
];

/** The tallies as a text table. */
export function tableOf(tallies: readonly Tally[]): string {
  const rows = [
    COLUMNS.map(([head]) => head),
    ...tallies.map((tally) => COLUMNS.map(([, cell]) => cell(tally))),
  ];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}

/** Stated confidence against how often it was right, a line a bin. */
export function reliabilityText(verdicts: readonly IncidentVerdict[]): string {
  return reliability(claimsOf(verdicts))
    .bins.map(
      ({ from, to, n, meanConfidence, right }) =>
        `${from.toFixed(1)} to ${to.toFixed(1)}: ${n} named, stated ${meanConfidence.toFixed(2)}, right ${(right.hits / n).toFixed(2)}`,
    )
    .join("\n");
}
