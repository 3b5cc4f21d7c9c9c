/** What the stages need from the outside world. Implementations live in src/adapters/, one folder each. */
import type { ActionRecord } from "./action-record.ts";
import type { MetricIdentity } from "./alert.ts";
import type { Admission, Admitted, JoinedAlert, OpenIncident } from "./alert-grouping.ts";
import type { AnswerOutcome, Approval, ApprovalAnswer } from "./approval.ts";
import type { ModelUsage } from "./diagnosis.ts";
import type { AuditEntry } from "./incident/audit.ts";
import type { Incident } from "./incident/incident.ts";
import type { IncidentEvent, UnknownEvent } from "./incident/incident-event.ts";
import type { IncidentSummary, ListedAs } from "./incident/incident-summary.ts";
import type { Judgement } from "./incident/judgement.ts";
import type {
  AlarmReading,
  AlarmTransitionReading,
  ChangeReading,
  LogLine,
  Point,
  ScalingActivityReading,
  ScalingLimitsReading,
  ServiceDeploymentReading,
  ServiceReading,
  TargetGroupReading,
  TargetHealthReading,
  TaskDefinitionReading,
  TaskReading,
} from "./reading.ts";
import type { Reservation, Reserved } from "./reservation.ts";
import type { Target } from "./target.ts";

export type { ActionRecord } from "./action-record.ts";

/** Aborts a read when its source's time is up. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/**
 * Reads of Amazon ECS. All throw {@link OpsAgentError} (`aws-denied`, `aws-throttled`, `aws-unreachable`,
 * `aws-failed`) and answer `undefined` for what does not exist.
 */
export interface EcsReader {
  service(target: Target, options?: ReadOptions): Promise<ServiceReading | undefined>;
  /** Running and stopped tasks of the service; ECS keeps stopped ones for about an hour. At most `limit` each. */
  tasks(
    target: Target,
    options?: ReadOptions & { readonly limit?: number },
  ): Promise<{ readonly running: readonly TaskReading[]; readonly stopped: readonly TaskReading[] }>;
  task(target: Target, taskArn: string, options?: ReadOptions): Promise<TaskReading | undefined>;
  taskDefinition(arn: string, options?: ReadOptions): Promise<TaskDefinitionReading | undefined>;
}

/** What was deployed before: ECS keeps it for about 90 days. */
export interface DeploymentHistoryReader {
  /** The newest deployments of the service, newest first, at most twenty. */
  deployments(target: Target, options?: ReadOptions): Promise<readonly ServiceDeploymentReading[]>;
}

/** A time window in epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface MetricQuery {
  /** The caller's name for the answer. */
  readonly id: string;
  readonly metric: MetricIdentity;
}

export interface MetricReader {
  /** Series by query id, in time order; a series without data is an empty array. */
  series(
    queries: readonly MetricQuery[],
    window: Window,
    options?: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly Point[]>>;
}

export interface LogReader {
  /**
   * Pages of log lines of one group, oldest first within a page. Memory stays bounded whatever the group holds.
   * Throws `OpsAgentError` with code `aws-failed` and a message naming the group when it does not exist.
   */
  lines(group: string, window: Window, options?: ReadOptions): AsyncIterable<readonly LogLine[]>;
}

export interface LoadBalancerReader {
  targetGroups(arns: readonly string[], options?: ReadOptions): Promise<readonly TargetGroupReading[]>;
  targetHealth(targetGroupArn: string, options?: ReadOptions): Promise<readonly TargetHealthReading[]>;
}

export interface ScalingReader {
  limits(target: Target, options?: ReadOptions): Promise<ScalingLimitsReading | undefined>;
  activities(target: Target, options?: ReadOptions): Promise<readonly ScalingActivityReading[]>;
}

export interface AlarmReader {
  alarm(name: string, options?: ReadOptions): Promise<AlarmReading | undefined>;
  transitions(
    name: string,
    window: Window,
    options?: ReadOptions,
  ): Promise<readonly AlarmTransitionReading[]>;
}

/** Alarms that are in ALARM now, whatever they watch; bounded. */
export interface FiringAlarmReader {
  firing(options?: ReadOptions): Promise<readonly AlarmReading[]>;
}

/** Who changed what in the account. */
export interface ChangeLogReader {
  /**
   * Changes in the window, newest first: those that name one of `names` (at most two are asked for), and the newest
   * of the account. Bounded, since AWS allows two calls a second. Throws `aws-unsupported` where there is no log.
   */
  changes(names: readonly string[], window: Window, options?: ReadOptions): Promise<readonly ChangeReading[]>;
}

/** What became of earlier incidents of a service. */
export interface PastIncidents {
  /** Closed incidents, newest first. Throws `store-failed`. */
  recent(target: Target): Promise<readonly Incident[]>;
}

/**
 * The answer to a mutating call. `refused`: AWS said no, nothing changed. `ambiguous`: no answer arrived, so
 * the call may or may not have had its effect; it must never be repeated blindly.
 */
export type Actuation =
  | { readonly outcome: "accepted"; readonly detail: string }
  | {
      readonly outcome: "refused";
      readonly code: string;
      readonly message: string;
      /** What the reader can do so that it is allowed the next time. */
      readonly remedy?: string;
    }
  | { readonly outcome: "ambiguous"; readonly message: string };

/** The only calls that change anything. One attempt each, never retried by the client. */
export interface ServiceActuator {
  /** ECS StopTask. `reason` is kept by ECS in the task's stoppedReason and lets a later look find our doing. */
  stopTask(target: Target, taskArn: string, reason: string): Promise<Actuation>;
  /** ECS UpdateService with a desired count only. */
  setDesiredCount(target: Target, desired: number): Promise<Actuation>;
  /** ECS StopServiceDeployment with ROLLBACK: ends a deployment that is still going on. */
  rollBackDeployment(target: Target, deploymentArn: string): Promise<Actuation>;
  /** ECS UpdateService with a task definition only: back to one that ran before. */
  setTaskDefinition(target: Target, taskDefinition: string): Promise<Actuation>;
}

export interface ModelRequest {
  readonly system: string;
  readonly user: string;
  /** JSON Schema of the answer, strict. */
  readonly schemaName: string;
  readonly schema: Record<string, unknown>;
  readonly maxOutputTokens: number;
}

export interface ModelAnswer {
  /** The raw text of the answer; the caller parses it. */
  readonly text: string;
  readonly usage: ModelUsage;
}

/** One call of a language model. Throws {@link OpsAgentError} with a `model-*` code. */
export interface ModelClient {
  ask(request: ModelRequest): Promise<ModelAnswer>;
}

/** Tells people. Throws `OpsAgentError` `slack-failed` when every try failed. */
export interface Notifier {
  notify(incident: Incident): Promise<void>;
}

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

/**
 * What a follower is told of: `approval-requested` is the moment a person is asked, `incident-closed` the end; it comes
 * once more where a late alarm led to another one. Only a giving back comes after it.
 */
export type MomentKind = "incident-opened" | "incident-updated" | "approval-requested" | "incident-closed";

/** An incident at a moment of its story, redacted. */
export interface IncidentMoment {
  /** Unique within the incident and the same however often it is told, such as `acted-2`. */
  readonly name: string;
  readonly kind: MomentKind;
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
export interface Follower {
  readonly name: string;
  /** True where a moment that could not be told is a loss, and not only the last one counts. */
  readonly countsEvery: boolean;
  follow(moment: IncidentMoment): Promise<void>;
}

/** Wakes people. Both methods throw `pagerduty-failed` when every try failed; told again, they change nothing. */
export interface Pager {
  page(incident: Incident): Promise<void>;
  /** The trouble that somebody may have been paged for is over. */
  allClear(incidentId: string): Promise<void>;
}

/** The events of incidents, only ever added to. All of the store's methods throw `store-failed`. */
export interface IncidentEvents {
  /**
   * Adds events of one incident in this order, each with its entry in the audit trail, and folds them into its record.
   * One whose key is there already is left out, whatever it says.
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
export interface OpenIncidents {
  /** Lets an alert in. The same alert and engine get the same answer again. */
  admit(admission: Admission): Promise<Admitted>;
  /** Notes that the incident is worked on until then; false when it has ended or another took its place. */
  keepOpen(incidentId: string, aliveUntil: string): Promise<boolean>;
  /** Ends it: from now on nothing joins but re-fires of its alarms, until `decayUntil`. Idempotent. Returns what joined. */
  finish(
    incidentId: string,
    end: { readonly at: string; readonly decayUntil: string },
  ): Promise<readonly JoinedAlert[]>;
  joined(incidentId: string): Promise<readonly JoinedAlert[]>;
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
   * `expired` only stands after the deadline. `voided` may follow `approved`; `withdrawn` only comes
   * before any answer.
   */
  answer(id: string, planHash: string, answer: ApprovalAnswer): Promise<AnswerOutcome>;
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
}

/** What people said afterwards; the newest word on an incident counts. */
export interface Judgements {
  judge(judgement: Judgement): Promise<void>;
  judgements(): Promise<readonly Judgement[]>;
}

/** Everything that is kept, behind one door. */
export interface IncidentStore
  extends IncidentEvents,
    IncidentRecords,
    OpenIncidents,
    ActionLedger,
    ApprovalBook,
    MessageBook,
    AuditTrail,
    Judgements {}

/** Puts questions where people answer them. Both methods throw `slack-failed` when every try failed. */
export interface ApprovalChannel {
  readonly name: string;
  /** Returns where the question was put, if it can be found again. */
  ask(approval: Approval): Promise<string | undefined>;
  /** Tells what became of it; `approval.answer` is set. */
  close(approval: Approval): Promise<void>;
}

/** Wakes the workflow that waits for an answer. */
export interface Waker {
  wake(callbackId: string, verdict: string): Promise<"completed" | "already-decided" | "unknown">;
}

/** What the agent says about itself, for its operators. Values are redacted by the implementation. */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** A part of an incident's work with the times at which it really ran, the same on every replay. */
export interface StageTime {
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly failed: boolean;
}

/**
 * What the agent measures of itself. Both are called inside durable steps or outside the workflow, so that a replay
 * counts nothing twice. They never throw, and end within a few seconds.
 */
export interface Telemetry {
  opened(incident: Incident): void;
  /** The record as people were told of it; `stages` in the order of their ends. */
  closed(incident: Incident, stages: readonly StageTime[]): Promise<void>;
}

/** Hears of an event as it happens, with the record after it: a live view. Never used for decisions. */
export type EventListener = (event: IncidentEvent, incident: Incident) => void;
