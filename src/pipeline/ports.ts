/** What the stages need from the outside world. Implementations live in src/adapters/, one folder each. */
import type { ActionRecord } from "../domain/action-record.ts";
import type { MetricIdentity } from "../domain/alert.ts";
import type { ModelUsage } from "../domain/diagnosis.ts";
import type { Incident } from "../domain/incident.ts";
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
} from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";

export type { ActionRecord } from "../domain/action-record.ts";

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

/** Incidents, claims on effects, and the history that guardrails need. */
export interface IncidentStore {
  /** Inserts or replaces the incident record. */
  save(incident: Incident): Promise<void>;
  get(id: string): Promise<Incident | undefined>;
  list(options?: { readonly limit?: number; readonly service?: string }): Promise<readonly Incident[]>;
  /** Claims an effect by its key; false when someone claimed it before. Never expires. */
  claim(key: string, at: string): Promise<boolean>;
  recordAction(record: ActionRecord): Promise<void>;
  /** Actions since a time, of all services. */
  actionsSince(since: string): Promise<readonly ActionRecord[]>;
  /** Keeps an event that could not be read, as it came. */
  keepUnreadable(event: {
    readonly at: string;
    readonly raw: string;
    readonly problem: string;
  }): Promise<void>;
}

/** What the agent says about itself, for its operators. Values are redacted by the implementation. */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void;
  warn(event: string, fields?: Record<string, unknown>): void;
  error(event: string, fields?: Record<string, unknown>): void;
}

/** Tells a live view what is happening; never used for decisions. */
export type Progress = (update: { readonly stage: string; readonly detail: string }) => void;
