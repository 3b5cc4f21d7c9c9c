/** Generated incidents of both sets as runs of the report. */
import { caseRunOf } from "../recorded/case-run.ts";
import { useStubCredentials } from "../recorded/gather.ts";
import type { Results } from "../report/build-report.ts";
import { judgeIncidents } from "./judge-incidents.ts";

/** Judges `count` incidents of each set. Of the set for checking the caller may report counts only. */
export async function runGenerated({
  count,
  seed,
  jobs,
  signal,
}: {
  readonly count: number;
  readonly seed: string;
  readonly jobs: number;
  readonly signal: AbortSignal;
}): Promise<Results> {
  useStubCredentials();
  const runs = [];
  for (const set of ["fitting", "checking"] as const) {
    const verdicts = await judgeIncidents({ set, count, seed, jobs, signal });
    for (const verdict of verdicts)
      runs.push(caseRunOf({ ...verdict, one: { ...verdict.one, group: set } }, 1, verdict.seconds));
  }
  return { runs, setUpFailures: [], complete: !signal.aborted };
}
