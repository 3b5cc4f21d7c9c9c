/** Where people and other systems are notified. */
import type { Approval } from "../domain/approval.ts";
import type { Incident } from "../domain/incident/incident.ts";

/** Tells people. Throws `OpsAgentError` `slack-failed` when every try failed. */
export interface Notifier {
  readonly name: string;
  notify(incident: Incident): Promise<void>;
}

/**
 * What a follower is told of: `approval-requested` is the moment a person is asked, `incident-closed` the end; it comes
 * once more where a late alarm led to another one. Only a giving back comes after it.
 */
export type StatusUpdateKind =
  | "incident-opened"
  | "incident-updated"
  | "approval-requested"
  | "incident-closed";

/** An incident at a moment of its story, redacted. */
export interface StatusUpdate {
  /** Unique within the incident and the same however often it is told, such as `acted-2`. */
  readonly name: string;
  readonly kind: StatusUpdateKind;
  /** ISO 8601; the same however often it is told. */
  readonly at: string;
  readonly incident: Incident;
  /** A person has to do something that nobody was told of yet. */
  readonly needsPerson: boolean;
}

/**
 * Follows incidents while they go on. Moments of one incident come in order, one that was told may come again, and a new
 * one may come while an earlier one is still being told. Throws {@link OpsAgentError} when every try failed.
 */
export interface Subscriber {
  readonly name: string;
  /** True where a moment that could not be told is a loss, and not only the last one counts. */
  readonly needsEvery: boolean;
  update(moment: StatusUpdate): Promise<void>;
}

/** Wakes people. Both methods throw `pagerduty-failed` when every try failed; told again, they change nothing. */
export interface Pager {
  readonly name: string;
  /** Returns false where nobody is paged for an incident like this. */
  page(incident: Incident): Promise<boolean>;
  /** The trouble that somebody may have been paged for is over. */
  resolvePage(incidentId: string): Promise<void>;
}

/**
 * Tells people in place of a channel that has not taken something for a while. Both methods throw {@link OpsAgentError}
 * where it was not taken, and return false where it is not for this channel. `why` is told to the reader.
 */
export interface Fallback {
  readonly name: string;
  report(incident: Incident, why: string): Promise<boolean>;
  ask(approval: Approval, why: string): Promise<boolean>;
  /** Ends what the question began there, where something would stay open. */
  close?(approval: Approval): Promise<void>;
}
