/** The durable executions of an alert and of what is left of an incident. Pure. */
import type { Alert } from "../domain/alert.ts";

/** The durable execution's name is the alert's idempotency key. */
export function executionName(alert: Alert): string {
  return `incident-${alert.key}`;
}

/** Of messages that are left to be told; `version` tells those of an updated OpsAgent apart. */
export function leftName(incidentId: string, version?: string): string {
  return version === undefined ? `left-${incidentId}` : `left-${incidentId}-${version}`;
}
