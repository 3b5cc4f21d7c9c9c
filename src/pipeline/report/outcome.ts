import type { Incident, IncidentStatus } from "../../domain/incident.ts";

/** What a report may claim. `doubt` says why it claims less than the record does. */
export interface ReportedOutcome {
  readonly status: IncidentStatus;
  readonly doubt?: string;
}

/** The words teams know, one for each status. */
export const STATUS_TEXT: Readonly<Record<IncidentStatus, string>> = {
  resolved: "✅ Resolved",
  escalated: "⚠️ Escalated to on-call engineer",
  failed: "❌ Agent failed — manual intervention required",
  observed: "👀 Observed",
  open: "⏳ Open — OpsAgent is still working on it",
};

/**
 * The status that every report prints. Invariant: "resolved" is claimed only where the verification says
 * recovered; a record that claims it without that proof is reported as escalated, with the doubt in words.
 */
export function reportedOutcome(incident: Incident): ReportedOutcome {
  if (incident.status !== "resolved" || incident.verification?.outcome === "recovered") {
    return { status: incident.status };
  }
  const proof = incident.verification
    ? `the verification says ${incident.verification.outcome}: ${incident.verification.reason}`
    : "no verification was made";
  return { status: "escalated", doubt: `The record says resolved, but ${proof}. Check the service by hand.` };
}
