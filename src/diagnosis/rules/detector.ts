/** The one shape that all detectors share. */
import type { Action, Cause, Severity } from "../../domain/cause.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { EvidenceView } from "./evidence-view.ts";

/** What a detector says when it sees its cause. `confidence` 0..1 before competitors are weighed. */
export interface Finding {
  readonly confidence: number;
  /** One sentence with the numbers in it. */
  readonly rootCause: string;
  readonly action: Action;
  readonly severity?: Severity;
  readonly supports: readonly (Fact | undefined)[];
  readonly against?: readonly (Fact | undefined)[];
  readonly missing?: readonly string[];
  readonly nextSteps: readonly string[];
}

/** `undefined`: nothing suggests this cause. A string: it was considered, and this is why it is not it. */
export type Detection = Finding | string | undefined;

export interface Detector {
  readonly cause: Cause;
  readonly detect: (view: EvidenceView) => Detection;
}
