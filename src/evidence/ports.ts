/** The readers of evidence; one adapter for each vendor. Nothing here changes anything. */
import type { MetricIdentity } from "../domain/alert.ts";
import type { HostReading } from "../domain/host-reading.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type {
  ActionLogReading,
  AlarmContributorReading,
  AlarmQueryReading,
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

/** Aborts a read when its source's time is up. */
export interface ReadOptions {
  readonly signal?: AbortSignal;
}

/**
 * Reads of Amazon ECS. All throw {@link OpsAgentError} (`aws-denied`, `aws-throttled`, `aws-unreachable`,
 * `aws-failed`) and answer `undefined` for what does not exist.
 */
export interface EcsReader {
  /** With `tags` its tags are read as well, as far as that is allowed; a denial is no error. */
  service(
    target: Target,
    options?: ReadOptions & { readonly tags?: boolean },
  ): Promise<ServiceReading | undefined>;
  /** Running and stopped tasks of the service; ECS keeps stopped ones for about an hour. At most `limit` each. */
  tasks(
    target: Target,
    options?: ReadOptions & { readonly limit?: number },
  ): Promise<{ readonly running: readonly TaskReading[]; readonly stopped: readonly TaskReading[] }>;
  task(target: Target, taskArn: string, options?: ReadOptions): Promise<TaskReading | undefined>;
  taskDefinition(
    arn: string,
    options?: ReadOptions & { readonly tags?: boolean },
  ): Promise<TaskDefinitionReading | undefined>;
}

/** Container instances of a cluster. Throws as {@link EcsReader}. */
export interface HostReader {
  /** Those that exist of these ARNs, at most a hundred. */
  hosts(target: Target, arns: readonly string[], options?: ReadOptions): Promise<readonly HostReading[]>;
}

/** Which names are services of a cluster. */
export interface ServiceNamesReader {
  /** Those of the names that no service of the cluster has now. Throws as {@link EcsReader} where it cannot be told. */
  missing(cluster: string, names: readonly string[], options?: ReadOptions): Promise<readonly string[]>;
}

/** Past deployments; ECS keeps them for about 90 days. */
export interface DeploymentHistoryReader {
  /** The newest deployments of the service, newest first, at most twenty. */
  deployments(target: Target, options?: ReadOptions): Promise<readonly ServiceDeploymentReading[]>;
}

/** A time window in epoch milliseconds, `from` inclusive, `to` exclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** An alarm's queries as they are, and the id of the one whose values are asked for. */
export interface MetricMath {
  readonly queries: readonly AlarmQueryReading[];
  readonly result: string;
  /** Of an anomaly band, which has two values at each time. */
  readonly edge?: "lower" | "upper";
}

export interface MetricQuery {
  /** The caller's name for the answer. */
  readonly id: string;
  readonly metric: MetricIdentity;
  /** Set for metric math: then `metric` only names it, and the values come from these queries. */
  readonly math?: MetricMath;
}

export interface MetricReader {
  /** Series by query id, in time order; a series without data is an empty array. */
  series(
    queries: readonly MetricQuery[],
    window: Window,
    options?: ReadOptions,
  ): Promise<ReadonlyMap<string, readonly Point[]>>;
}

/** Which part of a log group is read, and in which region where it is not the agent's own. */
export interface LogReadOptions extends ReadOptions {
  readonly streamPrefix?: string;
  readonly region?: string;
}

export interface LogReader {
  /**
   * Yields pages of log lines of one group, oldest first within a page, in bounded memory. Throws `OpsAgentError`
   * with code `aws-failed` and a message naming the group when it does not exist.
   */
  lines(group: string, window: Window, options?: LogReadOptions): AsyncIterable<readonly LogLine[]>;
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
  /** The series of an alarm on many that are in ALARM, at most 500; undefined for an alarm that has none. */
  contributors(name: string, options?: ReadOptions): Promise<readonly AlarmContributorReading[] | undefined>;
  /** Changes of state, oldest first; with `contributor` those of this one series. */
  transitions(
    name: string,
    window: Window,
    options?: ReadOptions & { readonly contributor?: string | undefined },
  ): Promise<readonly AlarmTransitionReading[]>;
}

/** Alarms that are in ALARM now, whatever they watch. Bounded. */
export interface FiringAlarmReader {
  firing(options?: ReadOptions): Promise<readonly AlarmReading[]>;
}

/** Who changed what in the account. */
export interface ChangeLogReader {
  /**
   * Returns changes in the window, newest first: those that name one of `names` (at most two are queried), and the
   * newest of the account. Bounded, since AWS allows two calls a second. Throws `aws-unsupported` where there is no
   * log.
   */
  changes(names: readonly string[], window: Window, options?: ReadOptions): Promise<readonly ChangeReading[]>;
}

/** Where the Action Logs of a cluster go. */
export interface ActionLogDestination {
  /** As CloudWatch Logs names it: `CWL`, `S3`, `FH`. */
  readonly kind: string;
  /** The log group, where they go to CloudWatch Logs. */
  readonly group?: string;
}

/** ECS Action Logs, which a cluster has on or not. Throws {@link OpsAgentError}. */
export interface ActionLogReader {
  /** Undefined where the cluster has none. */
  destination(clusterArn: string, options?: ReadOptions): Promise<ActionLogDestination | undefined>;
  /** Warnings and errors about the service, oldest first, at most 200 of the newest. */
  entries(
    group: string,
    target: Target,
    window: Window,
    options?: ReadOptions,
  ): Promise<readonly ActionLogReading[]>;
}

/** Earlier incidents of a service. */
export interface PastIncidents {
  /** Closed incidents, newest first. Throws `store-failed`. */
  recent(target: Target): Promise<readonly Incident[]>;
}
