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
  /**
   * The trusted facts that the action rested on, in words, whatever the threshold in the alarm says. Empty: on none, so
   * that its failure says nothing of the cause. Absent in older records, and while the incident is open.
   */
  readonly restedOn?: readonly string[];
}

/** Whether the action was made and did not help, and that counts against its cause. */
export function hasFailed({ verified, restedOn }: ActionRecord): boolean {
  // An older record does not say what it rested on, and counts: the careful side.
  return verified === false && restedOn?.length !== 0;
}
