/** What every capability needs: the store, the logger, telemetry. Implemented in src/adapters/, one folder each. */
import type { ActionRecord } from "./action-record.ts";
import type { AttachedAlert, GroupingRequest, GroupingResult, OpenIncident } from "./alert-grouping.ts";
import type { AnswerOutcome, Approval, ApprovalAnswer } from "./approval.ts";
import type { Pause, PauseScope, Resume } from "./brake.ts";
import type { AuditEntry, SealedEvent } from "./incident/audit.ts";
import type { AuditSeal } from "./incident/audit-seal.ts";
import type { Incident } from "./incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "./incident/incident-event.ts";
import type { IncidentSummary, ListedAs } from "./incident/incident-summary.ts";
import type { Judgement } from "./incident/judgement.ts";
import type { PolicyState } from "./policy-state.ts";
import type { NewPolicyVersion, PolicyVersion } from "./policy-version.ts";
import type { Reservation, Reserved } from "./reservation.ts";

export type { ActionRecord } from "./action-record.ts";

/** Which summaries. Times are ISO 8601. */
export interface SummaryQuery {
  readonly limit?: number;
  readonly service?: string;
  readonly listedAs?: readonly ListedAs[];
  /** Opened then or later. */
  readonly since?: string;
  /** Where an earlier page said to go on. Throws `store-failed` for what no page said. */
  readonly after?: string;
}

/** `next` is there as long as there may be more; a page with a filter may be short, or empty, before the end. */
export interface SummaryPage {
  readonly summaries: readonly IncidentSummary[];
  readonly next?: string;
}

/** The events of incidents, only ever added to. All of the store's methods throw `store-failed`. */
export interface IncidentEvents {
  /**
   * Adds events in this order, each with its entry in the audit trail, and folds them into the records of their
   * incidents. One whose key is there already is left out, whatever it says. Where one does not fit its schema, none
   * is added. A fault in between may leave the first ones (over DynamoDB); appending the same again adds the rest.
   */
  append(events: readonly IncidentEvent[]): Promise<void>;
  /** Every event of one incident in order; those that this version does not know as `unknown`. */
  eventsOf(incidentId: string): Promise<readonly (IncidentEvent | UnknownEvent)[]>;
}

/** The records of incidents: folds over their events, kept so that they are read at once. */
export interface IncidentRecords {
  get(id: string): Promise<Incident | undefined>;
  /** Newest first, 100 unless told otherwise; `before` (ISO 8601, exclusive) pages through older ones. */
  list(options?: {
    readonly limit?: number;
    readonly service?: string;
    readonly before?: string;
  }): Promise<readonly Incident[]>;
  /** What lists show, newest first, 100 unless told otherwise, without reading whole records. */
  summaries(query?: SummaryQuery): Promise<SummaryPage>;
  /** Keeps an event that could not be read, as it came. */
  keepUnreadable(event: {
    readonly at: string;
    readonly raw: string;
    readonly problem: string;
  }): Promise<void>;
}

/** Which incident an alert belongs to. Every method is one conditional write. */
export interface IncidentLocks {
  /** Lets an alert in. The same alert and engine get the same answer again. */
  attachOrOpen(admission: GroupingRequest): Promise<GroupingResult>;
  /** Notes that the incident is worked on until then; false when it has ended or another took its place. */
  extendLock(incidentId: string, aliveUntil: string): Promise<boolean>;
  /** Ends it: from now on nothing joins but re-fires of its alarms, until `decayUntil`. Idempotent. Returns what joined. */
  releaseLock(
    incidentId: string,
    end: { readonly at: string; readonly decayUntil: string },
  ): Promise<readonly AttachedAlert[]>;
  joined(incidentId: string): Promise<readonly AttachedAlert[]>;
  /** Every incident that was opened and not finished, oldest first. */
  open(): Promise<readonly OpenIncident[]>;
}

/** Claims on effects, and the history that guardrails need. */
export interface ActionLedger {
  /** Claims an effect by its key; false when someone claimed it before. Never expires. */
  claim(key: string, at: string): Promise<boolean>;
  /**
   * Books an action, or says which rule refuses: read, judged ({@link judgeReservation}) and written as one. An incident
   * that lost its place is refused as `superseded`. Asked again by the same incident for the same action: granted again.
   */
  reserve(reservation: Reservation): Promise<Reserved>;
  /** Adds what verification said to a booked action; also books one without judging it. */
  recordAction(record: ActionRecord): Promise<void>;
  /** Actions since a time, of all services. */
  actionsSince(since: string): Promise<readonly ActionRecord[]>;
}

/** Questions to people, each answered once. */
export interface ApprovalBook {
  /** Keeps a new question; one that is there already stays as it is. */
  ask(approval: Approval): Promise<void>;
  approval(id: string): Promise<Approval | undefined>;
  /** Questions of an incident, newest first. */
  approvalsOf(incidentId: string): Promise<readonly Approval[]>;
  /** Questions without an answer, oldest first. */
  unanswered(): Promise<readonly Approval[]>;
  /**
   * The first answer wins. `approved` and `denied` are refused after the deadline and for another plan hash;
   * `expired` and `unasked` only stand after the deadline. `voided` may follow `approved`; `withdrawn` only comes
   * before any answer.
   */
  answer(id: string, planHash: string, answer: ApprovalAnswer): Promise<AnswerOutcome>;
  /** Changes deadline or callback of a question that nobody has answered. Returns the question as it then is. */
  postpone(
    id: string,
    to: { readonly deadline?: string; readonly callbackId?: string },
  ): Promise<Approval | undefined>;
  /** Notes where a channel put the question. */
  noteMessage(id: string, channel: string, reference: string): Promise<void>;
}

/** Where channels put what they tell of an incident, so that they can change it later. */
export interface MessageBook {
  /** References by the name under which they were noted. */
  messagesOf(incidentId: string): Promise<Readonly<Record<string, string>>>;
  /** Replaces an earlier reference of the same name. */
  noteIncidentMessage(incidentId: string, name: string, reference: string): Promise<void>;
}

/** The seals over all events, only ever added to, together with the event that each of them seals. */
export interface AuditTrail {
  /** Entries after a sequence number in order, 500 unless told otherwise. */
  entries(options?: { readonly after?: number; readonly limit?: number }): Promise<readonly AuditEntry[]>;
  /** Every entry of one incident, in order. */
  entriesOf(incidentId: string): Promise<readonly AuditEntry[]>;
  /** What is kept of the events that these consecutive entries seal, by the entry's number. */
  sealedEvents(entries: readonly AuditEntry[]): Promise<ReadonlyMap<number, SealedEvent>>;
  /** An event that was put into the store without an entry, if there is one that would be read. */
  unsealedEvent(): Promise<SealedEvent | undefined>;
  /** The newest entry's number and hash; undefined for an empty trail. */
  trailHead(): Promise<Pick<AuditEntry, "seq" | "hash"> | undefined>;
  /** Keeps a seal; where one of the same entry is there already, that one stays. */
  keepSeal(seal: AuditSeal): Promise<void>;
  /** Seals by the number of their entry, in order, 500 unless told otherwise. One that cannot be read is `unreadableSeal`. */
  seals(options?: { readonly after?: number; readonly limit?: number }): Promise<readonly AuditSeal[]>;
  newestSeal(): Promise<AuditSeal | undefined>;
}

/** What people said afterwards; the newest word on an incident counts. */
export interface Judgements {
  judge(judgement: Judgement): Promise<void>;
  judgements(): Promise<readonly Judgement[]>;
}

/** The brake, read before every changing call by every process. Each change is sealed in the audit trail. */
export interface Brake {
  /** Begins a pause, or replaces the one of the same scope. In force for every read that begins after it returns. */
  pause(pause: Pause): Promise<void>;
  /** Ends the pause of exactly this scope and returns it; undefined where there is none that is in force. */
  resume(scope: PauseScope, by: Resume): Promise<Pause | undefined>;
  /** Pauses that are in force then (ISO 8601), oldest first; read consistently. One that cannot be read is `unreadableSeal`. */
  pauses(now: string): Promise<readonly Pause[]>;
}

/** Policies that are published in the store; only ever added to, each sealed in the audit trail. */
export interface PolicyVersions {
  /** Adds a version and returns it with its number. In force for every read that begins after it returns. */
  publishPolicy(version: NewPolicyVersion): Promise<PolicyVersion>;
  /** The newest one, read consistently. One that cannot be read is `unreadableSeal`. */
  newestPolicy(): Promise<PolicyVersion | undefined>;
  /** Newest first, 100 unless told otherwise. */
  policyVersions(limit?: number): Promise<readonly PolicyVersion[]>;
}

/** Everything that is kept, behind one door. */
export interface IncidentStore
  extends IncidentEvents,
    IncidentRecords,
    IncidentLocks,
    ActionLedger,
    ApprovalBook,
    MessageBook,
    AuditTrail,
    Judgements,
    Brake,
    PolicyVersions {}

/** The policy as it is now. Read before every decision and every changing call. */
export interface PolicySource {
  /** Never throws: while the policy of now cannot be read, the last good one, restricted to observe. */
  current(): Promise<PolicyState>;
}

/** What the agent says about itself, for its operators. Values are redacted by the implementation. */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** What the agent measures of itself: metrics and traces, all from the incident's events. */
export interface Telemetry {
  /**
   * Called for each event in the process in which it happens, and not again on a replay. `incident` is the record after
   * the event's step, `history` every event up to the step's last, in order. What is returned ends within a few seconds.
   */
  observe(event: IncidentEvent, incident: Incident, history: readonly IncidentEvent[]): void | Promise<void>;
}

/** Hears of an event as it happens, with the record after it: a live view. Never used for decisions. */
export type EventListener = (event: IncidentEvent, incident: Incident) => void;
