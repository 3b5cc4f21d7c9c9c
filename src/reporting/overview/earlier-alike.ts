/** Earlier incidents of the same service and cause, for the report's text on recurrence. */
import type { Incident } from "../../domain/incident/incident.ts";
import { type IncidentSummary, summaryOf } from "../../domain/incident/incident-summary.ts";
import type { IncidentRecords } from "../../domain/ports.ts";
import { summariesSince } from "./summaries-since.ts";

export const ALIKE_DAYS = 30;
const MOST = 2_000;

/**
 * Returns those of the {@link ALIKE_DAYS} days before the incident, newest first. Empty without a diagnosis. Throws
 * `store-failed`.
 */
export async function earlierAlike(
  records: Pick<IncidentRecords, "summaries">,
  incident: Incident,
): Promise<readonly IncidentSummary[]> {
  const { service, cluster, cause } = summaryOf(incident);
  if (service === undefined || cause === undefined || cause === "unknown" || cause === "no-fault") return [];
  const since = new Date(Date.parse(incident.openedAt) - ALIKE_DAYS * 24 * 3_600_000).toISOString();
  const { summaries } = await summariesSince(records, { since, service, most: MOST });
  return summaries.filter(
    (other) =>
      other.id !== incident.id &&
      other.listedAs !== "note" &&
      other.cause === cause &&
      other.cluster === cluster &&
      Date.parse(other.openedAt) < Date.parse(incident.openedAt),
  );
}
