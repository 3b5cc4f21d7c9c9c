/** The durable execution of an alert. Pure. */
import type { Alert } from "../domain/alert.ts";

/** The durable execution's name is the alert's idempotency key. */
export function executionName(alert: Alert): string {
  return `incident-${alert.key}`;
}
