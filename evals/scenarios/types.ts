/** A declarative case: one service in one hour, its truth, and what an agent may do. */
import type { Action, Cause } from "../../src/domain/cause.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { LogStyle } from "./log-styles.ts";
import type { Minute } from "./minute.ts";
import type { Series } from "./series.ts";

/** A revision relative to the current one: 0 is the current, -1 the one before. */
export type RevisionOffset = number;

export type Half = "held-out" | "development";

export interface Truth {
  /** Every acceptable cause. */
  readonly causes: readonly Cause[];
  readonly actions: readonly Action[];
  readonly harmful: readonly Action[];
  /** What code should decide under the default policy; several where that is open. */
  readonly decisions: readonly Decision["kind"][];
}

export interface Case {
  readonly name: string;
  /** The class it is counted under. */
  readonly of: Cause;
  readonly story: string;
  /** Why an on-call engineer can tell from what AWS shows. */
  readonly why: string;
  readonly world: World;
  readonly truth: Truth;
}

export interface DefinitionSpec {
  readonly image?: string;
  readonly cpu?: number;
  readonly memory?: number;
  readonly containerMemory?: number;
  readonly environment?: readonly string[];
  readonly secrets?: readonly string[];
  readonly port?: number;
  readonly healthCheck?: string;
  readonly command?: string;
  /** Name of the task role. */
  readonly taskRole?: string;
  readonly sidecars?: readonly { readonly name: string; readonly image: string; readonly memory?: number }[];
}

export interface DeploymentSpec {
  readonly revision: RevisionOffset;
  readonly at: Minute;
  readonly status?: "PRIMARY" | "ACTIVE";
  readonly rollout?: "COMPLETED" | "IN_PROGRESS" | "FAILED";
  readonly reason?: string;
  readonly desired?: number;
  readonly running?: number;
  readonly pending?: number;
  readonly failed?: number;
}

export interface TargetSpec {
  readonly state: "unhealthy" | "initial" | "draining" | "unused";
  readonly reason?: string;
  readonly description?: string;
}

export interface TaskSpec {
  /** Minutes since start; undefined while it has not started. */
  readonly age?: number;
  readonly revision?: RevisionOffset;
  readonly health?: "HEALTHY" | "UNHEALTHY" | "UNKNOWN";
  readonly status?: "RUNNING" | "PENDING" | "PROVISIONING" | "ACTIVATING" | "DEACTIVATING";
  readonly target?: TargetSpec;
  /** Container Insights with enhanced observability; only where the service has it. */
  readonly cpu?: Series;
  readonly memory?: Series;
  /** Ephemeral storage, percent. */
  readonly disk?: Series;
  /** A container of this still running task that has ended, as DescribeTasks shows it. */
  readonly ended?: { readonly container: string; readonly exit: number; readonly reason?: string };
}

export interface StopSpec {
  readonly at: Minute;
  /** Minutes between start and stop; undefined when it never started. */
  readonly lived?: number;
  readonly code: string;
  readonly reason: string;
  readonly exit?: number;
  readonly containerReason?: string;
  readonly revision?: RevisionOffset;
  readonly health?: "HEALTHY" | "UNHEALTHY";
}

export type MetricName =
  | "cpu"
  | "memory"
  | "requests"
  | "requestsPerTarget"
  | "errors5xx"
  | "elb5xx"
  | "p50"
  | "p99"
  | "unhealthyHosts"
  | "healthyHosts"
  | "runningTasks"
  | "custom";

export interface CustomMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly series: Series;
}

export interface AlarmSpec {
  readonly name: string;
  readonly metric: MetricName;
  readonly statistic: string;
  readonly comparison:
    | "GreaterThanThreshold"
    | "GreaterThanOrEqualToThreshold"
    | "LessThanThreshold"
    | "LessThanOrEqualToThreshold";
  readonly threshold: number;
  readonly datapoints: number;
  readonly evaluations: number;
  readonly periodSeconds: number;
  readonly missing: "missing" | "notBreaching" | "breaching" | "ignore";
  readonly fired: Minute;
  readonly description?: string;
  /** An alarm that target tracking made for itself: its end, and the id after it. Its action is the scaling policy. */
  readonly ofScaling?: { readonly end: "AlarmLow" | "AlarmHigh"; readonly id: string };
  /** With it the alarm is on the lower side of an anomaly band with these edges, and `threshold` says nothing. */
  readonly band?: { readonly lower: Series; readonly upper: Series };
  /** Set when the alarm is no longer in ALARM: when it left. */
  readonly okSince?: Minute;
  readonly history: readonly (readonly [Minute, "OK" | "ALARM" | "INSUFFICIENT_DATA"])[];
}

export interface LogEntry {
  readonly from: Minute;
  readonly to: Minute;
  /** Lines a minute, on the average. */
  readonly rate: number;
  readonly level: "ERROR" | "WARN" | "INFO";
  /** With `{id}`, `{uuid}`, `{n}`, `{ms}`, `{ip}`, `{hex}`, `{path}`; lines after the first follow as they are. */
  readonly text: string;
  /** Without the framework's own prefix: runtime panics, shell output. */
  readonly bare?: boolean;
  /** The running tasks that write it, by position; every task that has started without it. */
  readonly tasks?: readonly number[];
}

export interface LogSpec {
  readonly style: LogStyle;
  /** Ordinary lines a minute. */
  readonly chatter?: number;
  /** When ordinary lines are written. */
  readonly chatterWindow?: readonly [Minute, Minute];
  readonly entries: readonly LogEntry[];
}

export interface BalancerSpec {
  readonly path?: string;
  readonly port?: number;
  readonly matcher?: string;
  readonly timeoutSeconds?: number;
  readonly intervalSeconds?: number;
  /** Targets that are no current task: draining ones, or of tasks just stopped. */
  readonly extra?: readonly TargetSpec[];
}

export interface ScalingSpec {
  readonly min: number;
  readonly max: number;
  readonly suspended?: boolean;
  readonly activities?: readonly {
    readonly at: Minute;
    readonly from: number;
    readonly to: number;
    readonly status?: string;
    readonly policy?: string;
  }[];
}

export type UsualMetric = "cpu" | "memory" | "requests" | "p50" | "p99";

export interface World {
  readonly service: string;
  readonly cluster?: string;
  readonly desired?: number;
  readonly launch?: "fargate" | "ec2";
  readonly definition?: DefinitionSpec;
  readonly revisions?: Readonly<Record<RevisionOffset, DefinitionSpec>>;
  readonly deployments?: readonly DeploymentSpec[];
  /** The oldest deployment is the first of a new service: no revision ran before it. */
  readonly young?: boolean;
  readonly breaker?: "off" | "no-rollback" | "rollback";
  readonly graceSeconds?: number;
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly running?: readonly TaskSpec[];
  readonly stopped?: readonly StopSpec[];
  /** What the scheduler wrote, without the leading "(service name) ". */
  readonly events?: readonly (readonly [Minute, string])[];
  readonly balancer?: BalancerSpec | false;
  readonly metrics?: Readonly<
    Partial<Record<Exclude<MetricName, "custom" | "requestsPerTarget">, Series | "absent">>
  > & {
    readonly cpuMaximum?: Series;
    readonly memoryMaximum?: Series;
  };
  /**
   * What metrics are at other hours and on other days, on today's clock: -1440 to 1440, 0 is the time of day now.
   * CloudWatch has nothing older than four hours of a metric without it.
   */
  readonly usual?: Readonly<Partial<Record<UsualMetric, Series>>>;
  readonly custom?: CustomMetric;
  /** `service`: RunningTaskCount and its like; `tasks`: per-task series too. */
  readonly insights?: "service" | "tasks";
  readonly scaling?: ScalingSpec;
  readonly alarm: AlarmSpec;
  readonly logs?: LogSpec | "missing" | "silent";
  /** Operations that AWS answers with an error code. */
  readonly failing?: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly now?: string;
  /** Seconds that a minute of the case takes: less than 60 tells the same story faster, with finer metrics. */
  readonly minuteSeconds?: number;
}
