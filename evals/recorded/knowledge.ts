/**
 * What the verdicts owe to knowing a case's own class, and to a model: each case with and without both. The model is
 * the stand-in, which answers by fixed rules.
 */
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import type { Cause } from "../../src/domain/cause.ts";
import type { Knowledge } from "../report/eval-report.ts";
import type { Case } from "../scenarios/types.ts";
import { createStandIn } from "../stand-in/stand-in-model.ts";
import type { GroupedCase } from "./case-run.ts";
import { defaultPolicy, type Gathered, gather } from "./gather.ts";
import { inParallel, judgeGathered, type Verdict } from "./judge.ts";

const WAYS = [
  { by: "signs", without: false },
  { by: "signs", without: true },
  { by: "signs and stand-in", without: false },
  { by: "signs and stand-in", without: true },
] as const;
type Way = (typeof WAYS)[number];

/** Judges each case in four ways from the same evidence; cases of class `unknown` have nothing to take away. */
export async function measureKnowledge(
  cases: readonly GroupedCase[],
  jobs: number,
  model: () => ModelClient = createStandIn,
): Promise<Knowledge[]> {
  const known = cases.filter(({ of }) => of !== "unknown");
  const judged = await inParallel(known, jobs, async (one) => {
    const gathered = await gather(one);
    const verdicts = await Promise.all(WAYS.map((way) => judgeInWay(one, gathered, way, model)));
    return { group: one.group, verdicts };
  });
  const groups = [...new Set(judged.map(({ group }) => group))];
  return groups.flatMap((group) =>
    WAYS.map((way, index) =>
      countsOf(
        group,
        way,
        judged.flatMap((one) => (one.group === group ? (one.verdicts[index] ?? []) : [])),
      ),
    ),
  );
}

function judgeInWay(
  one: GroupedCase,
  gathered: Gathered,
  { by, without }: Way,
  model: () => ModelClient,
): Promise<Verdict<GroupedCase>> {
  const left: readonly Cause[] = without ? [one.of] : [];
  return judgeGathered(one, gathered, by === "signs" ? undefined : model, { without: left });
}

/** The counts of one way. Pure. */
export function countsOf(group: string, { by, without }: Way, verdicts: readonly Verdict<Case>[]): Knowledge {
  const number = (test: (verdict: Verdict<Case>) => boolean) => verdicts.filter(test).length;
  const due = verdicts.filter(({ one }) => (one.truth.actions[0] ?? "none") !== "none");
  const met = (kind: "act" | "ask") =>
    due.filter(({ one, decision }) => decision.kind === kind && decision.action === one.truth.actions[0])
      .length;
  return {
    group,
    by,
    without,
    cases: verdicts.length,
    causeRight: number(({ rightCause }) => rightCause),
    unknown: number(({ abstained }) => abstained),
    falselyCertain: number(
      ({ rightCause, abstained, diagnosis }) =>
        !rightCause && !abstained && diagnosis.confidence > defaultPolicy.limits.confidenceThreshold,
    ),
    harmDone: number(({ harm }) => harm === "acted"),
    harmAsked: number(({ harm }) => harm === "asked"),
    due: due.length,
    dueDone: met("act"),
    dueAsked: met("ask"),
  };
}
