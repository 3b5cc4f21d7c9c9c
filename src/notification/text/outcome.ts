import type { Incident, IncidentStatus, Phase } from "../../domain/incident/incident.ts";
import { waitingApproval } from "./approval-text.ts";
import { formatMinute } from "./format.ts";
import { madeActions } from "./summary.ts";

/** What a report may claim. `doubt` says why it claims less than the record does. */
export interface ReportedOutcome {
  readonly status: IncidentStatus;
  readonly doubt?: string;
}

/** The words teams know, one for each status. */
const STATUS_TEXT: Readonly<Record<IncidentStatus, string>> = {
  resolved: "✅ Resolved",
  escalated: "⚠️ Escalated to on-call engineer",
  failed: "❌ Agent failed — manual intervention required",
  observed: "👀 Observed",
  open: "⏳ Open — OpsAgent is still working on it",
};

/** The words of the status, and for an incident that waits for a person, until when. Only OpsAgent's own words. */
export function statusText(incident: Incident): string {
  const { status } = reportedOutcome(incident);
  const waiting = waitingApproval(incident);
  if (waiting !== undefined) {
    return `⏳ Open — waits for a person's approval until ${formatMinute(waiting.deadline, waiting.requestedAt)}`;
  }
  const phase = status === "open" ? incident.progress?.phase : undefined;
  return phase === undefined ? STATUS_TEXT[status] : `⏳ Open — ${NOW[phase]}`;
}

/** What OpsAgent is at while the incident is open. */
const NOW: Readonly<Record<Phase, string>> = {
  investigating: "OpsAgent is investigating",
  waiting: "OpsAgent waits before it looks again",
  asking: "a person is being asked",
  checking: "approved; OpsAgent looks at the service again before it acts",
  acting: "OpsAgent is acting",
  proving: "OpsAgent is verifying that it helped",
  undoing: "OpsAgent is taking the change back",
  closing: "OpsAgent is closing it",
  grouping: "OpsAgent waits for further alarms of the same fault",
  "scaling-in": "OpsAgent is taking temporary capacity back",
};

/**
 * The status that every report prints. Invariant: "resolved" is claimed only where the verification says
 * recovered, and that of the last action does not say otherwise; a record that claims it without that proof is
 * reported as escalated, with the doubt in words.
 */
export function reportedOutcome(incident: Incident): ReportedOutcome {
  if (incident.status !== "resolved") return { status: incident.status };
  const last = madeActions(incident).at(-1);
  const against = [incident.verification, last?.verification].find(
    (verification) => verification !== undefined && verification.outcome !== "recovered",
  );
  if (incident.verification !== undefined && against === undefined) return { status: "resolved" };
  const proof = against
    ? `the verification says ${against.outcome}: ${against.reason}`
    : "no verification was made";
  return { status: "escalated", doubt: `The record says resolved, but ${proof}. Check the service by hand.` };
}
