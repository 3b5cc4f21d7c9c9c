/** Runs -> report. Pure. */
import { calibrationOf } from "../score/calibration.ts";
import { scoresOf } from "../score/scores.ts";
import type { CaseRun, EvalReport, SetUpFailure } from "./eval-report.ts";

export interface Results {
  readonly runs: readonly CaseRun[];
  readonly setUpFailures: readonly SetUpFailure[];
  readonly complete: boolean;
}

type Heading = Pick<EvalReport, "mode" | "agent" | "startedAt" | "seconds" | "machine" | "repeat" | "jobs">;

/** Builds the report. Of the held-out half it keeps counts only. Runs are ordered by name. */
export function buildReport(heading: Heading, { runs, setUpFailures, complete }: Results): EvalReport {
  return {
    schemaVersion: "1",
    kind: "opsagent-eval",
    ...heading,
    complete,
    scores: scoresOf(runs),
    calibration: calibrationOf(runs),
    runs: runs
      .filter(({ group }) => group !== "held-out")
      .toSorted((a, b) => (a.case === b.case ? a.run - b.run : a.case < b.case ? -1 : 1)),
    setUpFailures: [...setUpFailures],
  };
}
