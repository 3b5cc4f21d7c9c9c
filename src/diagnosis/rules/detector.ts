/** The interface of all detectors. */
import type { Cause, Severity } from "../../domain/cause.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { EvidenceView } from "./evidence-view.ts";

/** A detector's finding of its cause. `confidence` is 0..1, before findings compete. */
export interface Finding {
  readonly confidence: number;
  /** One sentence with the numbers in it. */
  readonly rootCause: string;
  readonly severity?: Severity;
  readonly supports: readonly (Fact | undefined)[];
  readonly against?: readonly (Fact | undefined)[];
  readonly missing?: readonly string[];
  readonly nextSteps: readonly string[];
}

/** `undefined`: nothing suggests this cause. A string: why the cause is ruled out. */
export type Detection = Finding | string | undefined;

export interface Detector {
  readonly cause: Cause;
  readonly detect: (view: EvidenceView) => Detection;
}
