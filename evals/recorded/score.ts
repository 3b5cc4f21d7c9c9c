/** Counts by class and half: nothing here knows a case's details. */
import { CAUSES, type Cause } from "../../src/domain/cause.ts";
import type { Half } from "../scenarios/types.ts";
import type { Verdict } from "./judge.ts";

export interface Score {
  readonly cause: Cause | "all";
  readonly half: Half;
  readonly cases: number;
  readonly rightCause: number;
  readonly rightAction: number;
  readonly rightDecision: number;
  readonly harmfulAsked: number;
  readonly harmfulActed: number;
  readonly abstentionsDue: number;
  readonly abstained: number;
}

/** One score for each class and half that has cases, and one for each half. */
export function scoresOf(verdicts: readonly Verdict[]): Score[] {
  const classes = Object.keys(CAUSES) as Cause[];
  return (["held-out", "development"] as const).flatMap((half) => {
    const own = verdicts.filter(({ one }) => one.half === half);
    if (own.length === 0) return [];
    const byClass = classes.map((cause) =>
      count(
        cause,
        half,
        own.filter(({ one }) => one.of === cause),
      ),
    );
    return [...byClass.filter(({ cases }) => cases > 0), count("all", half, own)];
  });
}

function count(cause: Score["cause"], half: Half, verdicts: readonly Verdict[]): Score {
  const number = (test: (verdict: Verdict) => boolean) => verdicts.filter(test).length;
  return {
    cause,
    half,
    cases: verdicts.length,
    rightCause: number((verdict) => verdict.rightCause),
    rightAction: number((verdict) => verdict.rightAction),
    rightDecision: number((verdict) => verdict.rightDecision),
    harmfulAsked: number((verdict) => verdict.harm === "asked"),
    harmfulActed: number((verdict) => verdict.harm === "acted"),
    abstentionsDue: number((verdict) => verdict.abstentionDue),
    abstained: number((verdict) => verdict.abstained),
  };
}

const HEAD = [
  "half",
  "class",
  "cases",
  "cause",
  "action",
  "decision",
  "harm asked",
  "harm acted",
  "unknown/due",
];

/** The scores as a text table. */
export function tableOf(scores: readonly Score[]): string {
  const rows = scores.map((score) => [
    score.half,
    score.cause,
    `${score.cases}`,
    `${score.rightCause}`,
    `${score.rightAction}`,
    `${score.rightDecision}`,
    `${score.harmfulAsked}`,
    `${score.harmfulActed}`,
    `${score.abstained}/${score.abstentionsDue}`,
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [HEAD, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join("  "),
    )
    .join("\n");
}
