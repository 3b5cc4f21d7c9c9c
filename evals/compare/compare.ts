/** Whether B is better than A, claimed only when the runs show it. Pure. */
import type { CaseRun, EvalReport, Score } from "../report/eval-report.ts";
import { bootstrapMean, fisherExact, holm, type Interval, mcnemarExact, newcombe } from "./statistics.ts";

export const MEASURES = {
  right: { title: "all right", wanted: "more", test: (run: CaseRun) => run.right },
  causeRight: { title: "cause right", wanted: "more", test: (run: CaseRun) => run.causeRight },
  actionRight: { title: "action right", wanted: "more", test: (run: CaseRun) => run.actionRight },
  harmDone: { title: "harm done", wanted: "fewer", test: (run: CaseRun) => run.harm.done.length > 0 },
} as const;
export type Measure = keyof typeof MEASURES;
const measures = Object.keys(MEASURES) as Measure[];

export interface Count {
  readonly hits: number;
  readonly of: number;
}

export interface ComparedRow {
  readonly group: string;
  readonly class: string;
  readonly measure: Measure;
  /** `paired`: the same cases on both sides; `counts`: only their numbers are known. */
  readonly method: "paired" | "counts";
  /** Cases that both sides have. */
  readonly cases: number;
  /** Runs with the property; for `counts`, cases. */
  readonly a: Count;
  readonly b: Count;
  /** Cases in which B did better, and worse, than A; only paired. */
  readonly discordant?: { readonly better: number; readonly worse: number };
  /** B's share minus A's, with its 95 % interval. */
  readonly difference: number;
  readonly interval: Interval;
  /** Two-sided; for a class after Holm's correction over all classes of the group. */
  readonly p: number;
  readonly verdict: "better" | "worse" | "no-difference-shown";
}

export interface Comparison {
  readonly a: string;
  readonly b: string;
  readonly rows: readonly ComparedRow[];
  /** Cases that only one side has, or whose truth differs: they are in no row. */
  readonly unmatched: { readonly a: readonly string[]; readonly b: readonly string[] };
  /** Groups of which only counts are known, and in which the two ran different cases. */
  readonly otherCases: readonly string[];
  readonly setUpFailures: { readonly a: number; readonly b: number };
}

/** The significance level of a claim. */
const ALPHA = 0.05;

/**
 * Compares by group, class and measure. Cases that both reports have are paired: McNemar's exact test over cases (a
 * case with several runs counts once, for the side with the higher share) and a seeded bootstrap over cases. Groups of
 * which only counts are known are compared by Fisher's exact test and Newcombe's interval. A difference is claimed only
 * when the test is below 0.05 and the interval excludes 0.
 */
export function compareReports(a: EvalReport, b: EvalReport): Comparison {
  const [casesA, casesB] = [byCase(a.runs), byCase(b.runs)];
  const both = [...casesA.keys()].filter((key) => sameTruth(casesA.get(key), casesB.get(key)));
  const pairs = both.map((key) => ({ a: casesA.get(key) ?? [], b: casesB.get(key) ?? [] }));
  const shared = new Set(both);
  const counted = countedGroups(a, b);
  return {
    a: labelOf(a),
    b: labelOf(b),
    rows: [
      ...pairedRows(pairs),
      ...counted.filter((group) => sameCases(group, a, b)).flatMap((group) => countedRows(group, a, b)),
    ],
    otherCases: counted.filter((group) => !sameCases(group, a, b)),
    unmatched: {
      a: [...casesA.keys()].filter((key) => !shared.has(key)),
      b: [...casesB.keys()].filter((key) => !shared.has(key)),
    },
    setUpFailures: { a: a.setUpFailures.length, b: b.setUpFailures.length },
  };
}

/** Describes the agent, its diagnoser and model, and the time. */
export function labelOf({ agent, mode, startedAt }: EvalReport): string {
  const parts = [agent.name, agent.version, agent.diagnoser, agent.model].filter(
    (part) => part !== undefined,
  );
  return `${parts.join(" ")}, ${mode}, ${startedAt.slice(0, 16).replace("T", " ")}`;
}

interface Pair {
  readonly a: readonly CaseRun[];
  readonly b: readonly CaseRun[];
}

function byCase(runs: readonly CaseRun[]): Map<string, CaseRun[]> {
  const cases = new Map<string, CaseRun[]>();
  for (const run of runs) {
    const key = `${run.group}/${run.case}`;
    cases.set(key, [...(cases.get(key) ?? []), run]);
  }
  return cases;
}

/** A case whose truth was rewritten is another case. */
function sameTruth(a: readonly CaseRun[] | undefined, b: readonly CaseRun[] | undefined): boolean {
  const [one] = a ?? [];
  const [other] = b ?? [];
  return one !== undefined && JSON.stringify(one.truth) === JSON.stringify(other?.truth);
}

function pairedRows(pairs: readonly Pair[]): ComparedRow[] {
  const groups = [...new Set(pairs.map(({ a }) => a[0]?.group ?? ""))];
  return groups.flatMap((group) =>
    measures.flatMap((measure) => {
      const own = pairs.filter(({ a }) => a[0]?.group === group);
      const classes = [...new Set(own.map(({ a }) => a[0]?.class ?? ""))].sort();
      const byClass = classes.map((name) =>
        pairedRow(
          group,
          name,
          measure,
          own.filter(({ a }) => a[0]?.class === name),
        ),
      );
      return [...corrected(byClass), judged(pairedRow(group, "all", measure, own))];
    }),
  );
}

type Unjudged = Omit<ComparedRow, "verdict">;

function pairedRow(group: string, name: string, measure: Measure, pairs: readonly Pair[]): Unjudged {
  const { test, wanted } = MEASURES[measure];
  const differences = pairs.map(({ a, b }) => share(b, test) - share(a, test));
  const gains = wanted === "more" ? differences : differences.map((one) => -one);
  const better = gains.filter((gain) => gain > 0).length;
  const worse = gains.filter((gain) => gain < 0).length;
  return {
    group,
    class: name,
    measure,
    method: "paired",
    cases: pairs.length,
    a: count(
      pairs.flatMap(({ a }) => a),
      test,
    ),
    b: count(
      pairs.flatMap(({ b }) => b),
      test,
    ),
    discordant: { better, worse },
    difference: differences.reduce((sum, one) => sum + one, 0) / Math.max(1, pairs.length),
    interval: bootstrapMean(differences),
    p: mcnemarExact(better, worse),
  };
}

function count(runs: readonly CaseRun[], test: (run: CaseRun) => boolean): Count {
  return { hits: runs.filter(test).length, of: runs.length };
}

function share(runs: readonly CaseRun[], test: (run: CaseRun) => boolean): number {
  const { hits, of } = count(runs, test);
  return of === 0 ? 0 : hits / of;
}

/** Groups of which both reports have scores but no runs: the held-out half. */
function countedGroups(a: EvalReport, b: EvalReport): string[] {
  const [inA, inB] = [a, b].map(
    ({ scores, runs }) =>
      new Set(scores.map(({ group }) => group).filter((group) => !runs.some((run) => run.group === group))),
  );
  return [...(inA ?? [])].filter((group) => inB?.has(group));
}

/** Whether both ran the same number of cases of every class: else their counts are of different things. */
function sameCases(group: string, a: EvalReport, b: EvalReport): boolean {
  const [casesA, casesB] = [a, b].map(({ scores, repeat }) =>
    JSON.stringify(
      scores
        .filter((score) => score.group === group)
        .map((score) => [score.class, score.runs / repeat])
        .sort(),
    ),
  );
  return casesA === casesB;
}

function countedRows(group: string, a: EvalReport, b: EvalReport): ComparedRow[] {
  const scoresOf = ({ scores }: EvalReport) => scores.filter((score) => score.group === group);
  return measures.flatMap((measure) => {
    const rows = scoresOf(a).flatMap((score) => {
      const other = scoresOf(b).find((one) => one.class === score.class);
      if (other === undefined) return [];
      return countedRow(score, measure, perCase(score[measure], a), perCase(other[measure], b));
    });
    return [
      ...corrected(rows.filter((row) => row.class !== "all")),
      ...rows.filter((row) => row.class === "all").map(judged),
    ];
  });
}

/** Rounds of one case are not independent: they count as one, by their share. */
function perCase({ hits, of }: Count, { repeat }: EvalReport): Count {
  return { hits: Math.round(hits / repeat), of: Math.round(of / repeat) };
}

function countedRow({ group, class: name }: Score, measure: Measure, a: Count, b: Count): Unjudged {
  return {
    group,
    class: name,
    measure,
    method: "counts",
    cases: a.of,
    a,
    b,
    difference: b.hits / b.of - a.hits / a.of,
    interval: newcombe(a, b),
    p: fisherExact(a, b),
  };
}

function corrected(rows: readonly Unjudged[]): ComparedRow[] {
  const adjusted = holm(rows.map(({ p }) => p));
  return rows.map((row, index) => judged({ ...row, p: adjusted[index] ?? 1 }));
}

function judged(row: Unjudged): ComparedRow {
  const { interval, p, measure } = row;
  const shown = p < ALPHA && (interval.low > 0 || interval.high < 0);
  const more = interval.low > 0;
  const good = more === (MEASURES[measure].wanted === "more");
  return { ...row, verdict: shown ? (good ? "better" : "worse") : "no-difference-shown" };
}
