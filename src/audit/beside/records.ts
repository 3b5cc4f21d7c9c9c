/** The record of an incident is what its events make, in full and in lists. */
import { type IncidentSummary, summaryOf } from "../../domain/incident/incident-summary.ts";
import { incidentToStore } from "../../domain/incident/stored-record.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Finding } from "../finding.ts";
import type { IncidentHistory } from "./incident-events.ts";

/** `listed`: what lists show of the incident, undefined where they do not show it. */
export async function checkRecord(
  { id, folded, closed }: IncidentHistory,
  listed: IncidentSummary | undefined,
  store: Pick<IncidentStore, "get">,
): Promise<Finding[]> {
  if (folded === undefined) return [];
  const find = (problem: string): Finding[] => [{ about: "record", id, problem }];
  const kept = await store.get(id);
  if (kept === undefined) {
    // Of one that has just begun it may not be written yet.
    return closed ? find("its record was removed") : [];
  }
  if (kept.id !== id) return find("its record is of another incident");
  // Both through today's redaction: a record of an older version was kept with the rules of then.
  const [is, ought] = [incidentToStore(kept), incidentToStore(folded)];
  if (!same(JSON.parse(is.text), JSON.parse(ought.text))) {
    return find(`its record is not what its events make (${differing(kept, folded)})`);
  }
  if (listed === undefined) return find("lists do not show it");
  return same(shown(listed), shown(summaryOf(kept)))
    ? []
    : find("what lists show of it is not what its record says");
}

/** What lists show grows with the product: a summary of an older version lacks what came later. */
function shown({
  id,
  status,
  severity,
  service,
  cluster,
  cause,
  openedAt,
  closedAt,
  failed,
}: IncidentSummary) {
  return { id, status, severity, service, cluster, cause, openedAt, closedAt, failed };
}

function differing(one: object, other: object): string {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const value = (of: object, key: string): unknown => (of as Record<string, unknown>)[key];
  return [...keys].filter((key) => !same(value(one, key), value(other, key))).join(", ");
}

/** Compares as JSON, whatever the order of keys. */
export function same(one: unknown, other: unknown): boolean {
  return ordered(one) === ordered(other);
}

function ordered(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
