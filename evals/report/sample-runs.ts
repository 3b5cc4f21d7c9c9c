/** Runs and reports for tests. */
import { buildReport } from "./build-report.ts";
import type { CaseRun, EvalReport, SetUpFailure } from "./eval-report.ts";

/** Returns a right run of a fault that needs a restart, with a test's changes. */
export function aRun(change: Partial<CaseRun>): CaseRun {
  return {
    case: "leak",
    group: "live",
    class: "memory-leak",
    run: 1,
    right: true,
    reasons: [],
    truth: { causes: ["memory-leak"], actions: ["restart"], harmful: ["scale"] },
    said: {
      cause: "memory-leak",
      action: "restart",
      status: "resolved",
      stated: 0.9,
      earned: 0.9,
      evidence: ["E1 memory of task 1a2b climbs"],
    },
    causeRight: true,
    actionRight: true,
    gate: "act",
    harm: { done: [], asked: [] },
    abstention: { due: false, held: false },
    seconds: { total: 50 },
    attempts: 1,
    ...change,
  };
}

/** A live report of these runs. */
export function aReport(
  runs: readonly CaseRun[],
  setUpFailures: readonly SetUpFailure[] = [],
  heading: Partial<EvalReport> = {},
): EvalReport {
  return buildReport(
    {
      mode: "live",
      agent: { name: "OpsAgent", version: "0.1.0", diagnoser: "rules" },
      startedAt: "2026-11-24T04:20:00.000Z",
      seconds: 412,
      machine: { cores: 2, platform: "linux", node: "24.21.0" },
      repeat: 1,
      jobs: 2,
      ...heading,
    },
    { runs, setUpFailures, complete: true },
  );
}
