/** What is counted. */
import type { Incident } from "../../domain/incident/incident.ts";

/** What the scorecard needs of an incident; evidence and timeline may be left out of memory. */
export type ScoredIncident = Pick<
  Incident,
  | "id"
  | "alert"
  | "target"
  | "openedAt"
  | "diagnosis"
  | "secondOpinion"
  | "decision"
  | "further"
  | "actions"
  | "verification"
  | "joinedTo"
>;

/** `unneeded`: the trouble passed by itself. `unknown`: nothing says. */
export type Truth = "right" | "wrong" | "unneeded" | "unknown";

export interface ScoredCase {
  readonly incidentId: string;
  /** ISO 8601, when the incident was opened. */
  readonly at: string;
  readonly kind: "would-have" | "acted";
  readonly truth: Truth;
  /** Who says so. */
  readonly source: "person" | "verification" | "alarm" | "nothing";
  readonly reason: string;
}

export type CaseTruth = Pick<ScoredCase, "truth" | "source" | "reason">;
