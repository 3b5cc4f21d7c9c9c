/** Runs -> report. Pure. */
import { calibrationOf } from "../score/calibration.ts";
import { scoresOf } from "../score/scores.ts";
import type { CaseRun, EvalReport, SetUpFailure, VariationCount } from "./eval-report.ts";

export interface Results {
  readonly runs: readonly CaseRun[];
  readonly setUpFailures: readonly SetUpFailure[];
  readonly complete: boolean;
  readonly variations?: readonly VariationCount[];
}

type Heading = Pick<EvalReport, "mode" | "agent" | "startedAt" | "seconds" | "machine" | "repeat" | "jobs">;

/** Groups of which no single case is published. */
const KEPT_BACK: ReadonlySet<string> = new Set(["held-out", "checking"]);

/** Builds the report. Of what judges unseen it keeps counts only. Runs are ordered by name. */
export function buildReport(
  heading: Heading,
  { runs, setUpFailures, complete, variations }: Results,
): EvalReport {
  return {
    schemaVersion: "1",
    kind: "opsagent-eval",
    ...heading,
    complete,
    scores: scoresOf(runs),
    calibration: calibrationOf(runs),
    runs: runs
      .filter(({ group }) => !KEPT_BACK.has(group))
      .toSorted((a, b) => (a.case === b.case ? a.run - b.run : a.case < b.case ? -1 : 1)),
    setUpFailures: [...setUpFailures],
    ...(variations === undefined ? {} : { variations: [...variations] }),
  };
}
