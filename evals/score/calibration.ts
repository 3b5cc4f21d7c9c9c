/** Whether confidence matches results. Pure. */
import type { Calibration, CaseRun } from "../report/eval-report.ts";
import { rateOf } from "./rates.ts";

/** One verdict: its confidence in its cause, and whether that was right. */
export interface Claim {
  /** 0 to 1. */
  readonly confidence: number;
  readonly right: boolean;
}

const BINS = 10;

/** Returns both kinds of confidence for each group. A verdict without a cause is left out. */
export function calibrationOf(runs: readonly CaseRun[]): Calibration[] {
  const groups = [...new Set(runs.map(({ group }) => group))];
  return groups.flatMap((group) =>
    (["stated", "earned"] as const).map((kind) => ({
      group,
      kind,
      ...reliability(runs.filter((run) => run.group === group).flatMap((run) => claimOf(run, kind))),
    })),
  );
}

function claimOf({ said, causeRight }: CaseRun, kind: "stated" | "earned"): Claim[] {
  const confidence = said[kind];
  if (confidence === undefined || said.cause === "unknown" || said.cause === "none") return [];
  return [{ confidence, right: causeRight }];
}

/**
 * Brier score (G. W. Brier 1950, "Verification of forecasts expressed in terms of probability") and reliability table:
 * bins of a tenth, each with the mean confidence in it and the share that was right. 1 belongs to the last bin.
 */
export function reliability(claims: readonly Claim[]): Pick<Calibration, "n" | "brier" | "bins"> {
  const bins = Array.from({ length: BINS }, (_, index) => {
    const own = claims.filter(({ confidence }) => binOf(confidence) === index);
    const hits = own.filter(({ right }) => right).length;
    const sum = own.reduce((total, { confidence }) => total + confidence, 0);
    return {
      from: index / BINS,
      to: (index + 1) / BINS,
      n: own.length,
      meanConfidence: own.length === 0 ? 0 : sum / own.length,
      right: rateOf(hits, own.length),
    };
  });
  const squares = claims.map(({ confidence, right }) => (confidence - (right ? 1 : 0)) ** 2);
  return {
    n: claims.length,
    ...(claims.length === 0 ? {} : { brier: squares.reduce((sum, one) => sum + one, 0) / claims.length }),
    bins: bins.filter(({ n }) => n > 0),
  };
}

/** Confidences are decimal; 0.7 * 10 must not fall below its bin. */
function binOf(confidence: number): number {
  return Math.max(0, Math.min(BINS - 1, Math.floor(confidence * BINS + 1e-9)));
}
