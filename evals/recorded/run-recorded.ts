/** Runs the recorded cases: the same code from event to decision, without acting. */
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import { UNUSABLE_MODEL } from "../live/opsagent-report.ts";
import type { CaseRun, SetUpFailure } from "../report/eval-report.ts";
import { allCases, type HalfCase } from "../scenarios/index.ts";
import { caseRunOf, type GroupedCase, silentRun } from "./case-run.ts";
import { useStubCredentials } from "./gather.ts";
import { inParallel, judge, NoVerdict } from "./judge.ts";

export interface RecordedOptions {
  /** Cause classes; all without it. */
  readonly classes?: readonly string[] | undefined;
  /** Names of cases of the open half: a single held-out one would reveal its score. */
  readonly cases?: readonly string[] | undefined;
  readonly repeat: number;
  readonly jobs: number;
  readonly model?: (() => ModelClient) | undefined;
  readonly signal: AbortSignal;
}

export interface RecordedResults {
  readonly runs: readonly CaseRun[];
  readonly setUpFailures: readonly SetUpFailure[];
  readonly complete: boolean;
}

/** Runs them all. Of the held-out half the caller may report counts only. */
export async function runRecorded(options: RecordedOptions): Promise<RecordedResults> {
  const { classes, cases, repeat, jobs, signal } = options;
  useStubCredentials();
  const chosen = allCases.filter(
    (one) =>
      (classes === undefined || classes.includes(one.of)) &&
      (cases === undefined || (one.half === "development" && cases.includes(one.name))),
  );
  const work = Array.from({ length: repeat }, (_, round) =>
    chosen.map((one) => ({ one, run: round + 1 })),
  ).flat();
  const results = await inParallel(work, jobs, async ({ one, run }) =>
    signal.aborted ? undefined : judgeOnce(one, run, options.model),
  );
  return {
    runs: results.flatMap((result) => (result !== undefined && "right" in result ? [result] : [])),
    setUpFailures: results.flatMap((result) => (result !== undefined && "kind" in result ? [result] : [])),
    complete: !signal.aborted,
  };
}

async function judgeOnce(
  one: HalfCase,
  run: number,
  model: (() => ModelClient) | undefined,
): Promise<CaseRun | SetUpFailure> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    return caseRunOf(await judge(grouped(one), model), run, seconds());
  } catch (fault) {
    if (fault instanceof NoVerdict && !UNUSABLE_MODEL.has(fault.failure.code))
      return silentRun(grouped(one), run, fault, seconds());
    const message = fault instanceof Error ? fault.message : String(fault);
    const heldOut = one.half === "held-out";
    const attempts = 1;
    const told = { case: heldOut ? "(a held-out case)" : one.name, group: one.half, run, attempts };
    return fault instanceof NoVerdict
      ? { ...told, kind: "model-not-reachable", message }
      : { ...told, kind: "other", message: heldOut ? "It could not be run." : message };
  }
}

const grouped = (one: HalfCase): GroupedCase => ({ ...one, group: one.half });
