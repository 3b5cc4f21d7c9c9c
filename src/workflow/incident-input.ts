import type { Alert } from "../domain/alert.ts";

export interface IncidentInput {
  readonly alert: Alert;
  /** ISO 8601; when a plain invocation must have ended. Durable executions have none. */
  readonly deadline?: string;
  /** The id of an incident of which only messages are left to be told. */
  readonly left?: string;
  /** Whoever runs it stays after people were told: other alarms of the service may belong to it for a while. */
  readonly settles?: boolean;
}
