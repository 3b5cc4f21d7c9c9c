/** A past action as guardrails see it. Times are ISO 8601. */
export interface ActionRecord {
  readonly incidentId: string;
  readonly cluster: string;
  readonly service: string;
  readonly action: string;
  readonly cause: string;
  readonly at: string;
  /** Undefined while its incident is still open. */
  readonly verified?: boolean;
}
