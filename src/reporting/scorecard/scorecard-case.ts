/** The cases of the scorecard. */
import type { Incident } from "../../domain/incident/incident.ts";

/** The fields of an incident that the scorecard needs, without evidence and timeline. */
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

/** `unneeded`: the symptom passed by itself. `unknown`: nothing tells. */
export type Truth = "right" | "wrong" | "unneeded" | "unknown";

export interface ScoredCase {
  readonly incidentId: string;
  /** ISO 8601, when the incident was opened. */
  readonly at: string;
  readonly kind: "would-have" | "acted";
  readonly truth: Truth;
  /** The source of the truth. */
  readonly source: "person" | "verification" | "alarm" | "nothing";
  readonly reason: string;
}

export type CaseTruth = Pick<ScoredCase, "truth" | "source" | "reason">;
