/** A sign: one named observation on the evidence, three-valued and graded. */
import type { Fact } from "../../domain/evidence.ts";
import type { EvidenceView } from "../view/evidence-view.ts";

/** What a sign is about. */
export type Subject = "service" | "revision" | "task" | "neighbour" | "caller";

/** What a sign reads. Where nothing was measured there is no reading: not known is neither yes nor no. */
export interface Reading {
  /** 0 (no) to 1 (yes). */
  readonly degree: number;
  /** The facts that it rests on; those that show it, or show that it is not so. */
  readonly facts: readonly Fact[];
  readonly subject?: Subject;
  /** Since when, until when; `to` is left out while it goes on. ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly direction?: "up" | "down";
}

export interface Sign {
  /** What it sees, as a noun phrase for people: "no sign of ..." follows where it is not so. */
  readonly what: string;
  /**
   * Signs of one family are correlated, such as two readings of one series: within one only the strongest for and the
   * strongest against a hypothesis count.
   */
  readonly family: string;
  /**
   * Log-odds that it costs, where it is a plain yes, every hypothesis that does not list it: only of a sign of a cause,
   * never of a consequence such as errors or a failed deployment.
   */
  readonly unexplained?: number;
  readonly read: (view: EvidenceView) => Reading | undefined;
}

/** Returns 0 at `none` or before, 1 at `full` or beyond, and the share of the way between; `none` may be the larger. */
export function grade(value: number, none: number, full: number): number {
  return Math.min(1, Math.max(0, (value - none) / (full - none)));
}

/** Returns a reading of this degree; facts that are missing are left out, and each is named once. */
export function reading(
  degree: number,
  facts: readonly (Fact | undefined)[] = [],
  more: Omit<Reading, "degree" | "facts"> = {},
): Reading {
  return { ...more, degree, facts: [...new Set(facts.flatMap((fact) => fact ?? []))] };
}
