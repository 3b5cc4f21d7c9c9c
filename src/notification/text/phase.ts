/** Where an incident is, in words: the same on every surface. */
import type { Incident, IncidentProgress, Phase } from "../../domain/incident/incident.ts";
import { waitingApproval } from "./approval-text.ts";
import { reportedOutcome } from "./outcome.ts";

/** One or two words; of an ended incident, what it came to. */
export function phaseOf(incident: Incident): string {
  const { status } = reportedOutcome(incident);
  if (status !== "open") return ENDED[status];
  // A record of before progress was kept says it only by its question.
  const before = waitingApproval(incident) === undefined ? "investigating" : "asking";
  return PHASES[incident.progress?.phase ?? before];
}

/** What is going on, with the task, the look or the deadline that it is about; undefined once nothing is. */
export function progressText({
  progress,
}: {
  readonly progress?: IncidentProgress | undefined;
}): string | undefined {
  return progress && `${PHASES[progress.phase]}: ${progress.detail}.`;
}

const PHASES: Readonly<Record<Phase, string>> = {
  investigating: "Investigating",
  waiting: "Waiting",
  asking: "Waiting for approval",
  checking: "Approved",
  acting: "Acting",
  proving: "Verifying",
  undoing: "Taking it back",
  closing: "Closing",
  grouping: "Grouping further alarms",
  "scaling-in": "Scaling in",
};

const ENDED = {
  resolved: "Resolved",
  escalated: "Needs human",
  failed: "Needs human",
  observed: "Observed",
} as const;
