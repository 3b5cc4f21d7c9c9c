/** The building blocks of cases. Texts of codes, reasons and events are those of the ECS developer guide. */
import type { Action, Cause } from "../../src/domain/cause.ts";
import type { Minute } from "./minute.ts";
import type { AlarmSpec, Case, LogEntry, MetricName, StopSpec, TaskSpec, Truth } from "./types.ts";

type Kind = Truth["decisions"][number];

const EVERY_ACTION: readonly Action[] = ["restart", "scale", "rollback"];

/** Where `harmful` is left out, every action that is not acceptable is harmful. */
export function truth(
  causes: readonly Cause[],
  actions: readonly Action[],
  decisions: readonly Kind[],
  harmful: readonly Action[] = EVERY_ACTION.filter((action) => !actions.includes(action)),
): Truth {
  return { causes, actions, decisions, harmful };
}

/** Nothing may be done: a person takes over. */
export const leave = (...causes: readonly Cause[]): Truth => truth(causes, ["none"], ["decline"]);
/** A person is asked about the rollback. */
export const askRollback = (...causes: readonly Cause[]): Truth => truth(causes, ["rollback"], ["ask"]);
/** The same while the deployment still runs, when the guardrails may refuse. */
export const askOrWait = (...causes: readonly Cause[]): Truth =>
  truth(causes, ["rollback", "none"], ["ask", "decline"]);
/** A restart by itself. */
export const restartNow = (...causes: readonly Cause[]): Truth => truth(causes, ["restart"], ["act"]);

/** A target that does not answer its health checks in time. */
export const TIMED_OUT = {
  state: "unhealthy",
  reason: "Target.Timeout",
  description: "Request timed out",
} as const;

/** Types a list of cases, and no more. */
export const cases = (...list: readonly Case[]): readonly Case[] => list;

interface AlarmOptions {
  readonly of?: readonly [datapoints: number, evaluations: number];
  readonly statistic?: string;
  readonly period?: number;
  readonly missing?: AlarmSpec["missing"];
  readonly fired?: Minute;
  readonly name?: string;
  readonly description?: string;
  readonly okSince?: Minute;
  readonly ofScaling?: AlarmSpec["ofScaling"];
  readonly band?: AlarmSpec["band"];
  readonly history?: AlarmSpec["history"];
}

const COMPARISONS = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
  "<=": "LessThanOrEqualToThreshold",
} as const;

const USUAL_STATISTIC: Record<MetricName, string> = {
  cpu: "Average",
  memory: "Average",
  requests: "Sum",
  requestsPerTarget: "Sum",
  errors5xx: "Sum",
  elb5xx: "Sum",
  p50: "p50",
  p99: "p99",
  unhealthyHosts: "Maximum",
  healthyHosts: "Minimum",
  runningTasks: "Average",
  custom: "Sum",
};

/** An alarm on one of the service's metrics. */
export function alarm(
  metric: MetricName,
  comparison: keyof typeof COMPARISONS,
  threshold: number,
  options: AlarmOptions = {},
): AlarmSpec {
  const [datapoints, evaluations] = options.of ?? [3, 3];
  return {
    name: options.name ?? `${metric}-${comparison.startsWith("<") ? "low" : "high"}`,
    metric,
    statistic: options.statistic ?? USUAL_STATISTIC[metric],
    comparison: COMPARISONS[comparison],
    threshold,
    datapoints,
    evaluations,
    periodSeconds: options.period ?? 60,
    missing: options.missing ?? (metric.includes("5xx") ? "notBreaching" : "missing"),
    fired: options.fired ?? -0.6,
    history: options.history ?? [],
    ...(options.description === undefined ? {} : { description: options.description }),
    ...(options.okSince === undefined ? {} : { okSince: options.okSince }),
    ...(options.ofScaling === undefined ? {} : { ofScaling: options.ofScaling }),
    ...(options.band === undefined ? {} : { band: options.band }),
  };
}

/**
 * The alarm under which target tracking scales in: nine tenths of the target value, 15 periods.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export const scaleInAlarm = (
  metric: "cpu" | "memory" | "requestsPerTarget",
  target: number,
  id: string,
): AlarmSpec => alarm(metric, "<", target * 0.9, { of: [15, 15], ofScaling: { end: "AlarmLow", id } });

/** An alarm below the lower edge of an anomaly band. */
export const belowBand = (metric: MetricName, band: NonNullable<AlarmSpec["band"]>): AlarmSpec =>
  alarm(metric, "<", 0, { band, name: `${metric}-unusually-low` });

/** Requests that usually arrive do not. */
export const TRAFFIC_LOSS: Cause = "traffic-loss";

/** Returns `count` similar tasks, with ages a little below `age` minutes. */
export function fleet(count: number, age = 4_300, rest: Omit<TaskSpec, "age"> = {}): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => ({ ...rest, age: age - index * Math.min(3, age / 20) }));
}

type StopRest = Pick<StopSpec, "revision" | "health">;

/** Killed by the kernel for memory, as the container's reason says. */
export const oomStop = (at: Minute, lived: number, rest: StopRest = {}): StopSpec => ({
  at,
  lived,
  code: "EssentialContainerExited",
  reason: "Essential container in task exited",
  exit: 137,
  containerReason: "OutOfMemoryError: Container killed due to memory usage",
  ...rest,
});

/** Ended by itself with a code. */
export const exitStop = (at: Minute, lived: number, exit: number, rest: StopRest = {}): StopSpec => ({
  at,
  lived,
  code: "EssentialContainerExited",
  reason: "Essential container in task exited",
  exit,
  ...rest,
});

/** Stopped by the scheduler after failed load-balancer checks. */
export const elbStop = (
  at: Minute,
  lived: number,
  detail: string,
  rest: StopRest & { exit?: number } = {},
) => ({
  at,
  lived,
  code: "ServiceSchedulerInitiated",
  reason: `Task failed ELB health checks in (target-group {targetGroup})${detail === "" ? "" : ` due to (reason ${detail})`}`,
  exit: 143,
  ...rest,
});

/** Stopped by the scheduler after failed container checks. */
export const containerCheckStop = (at: Minute, lived: number, rest: StopRest & { exit?: number } = {}) => ({
  at,
  lived,
  code: "ServiceSchedulerInitiated",
  reason: "Task failed container health checks",
  exit: 143,
  health: "UNHEALTHY" as const,
  ...rest,
});

/** Replaced by a deployment or scaled in: an everyday stop. */
export const replacedStop = (
  at: Minute,
  lived: number,
  rest: StopRest & { exit?: number } = {},
): StopSpec => ({
  at,
  lived,
  code: "ServiceSchedulerInitiated",
  reason: "Scaling activity initiated by (deployment ecs-svc/{deployment})",
  exit: 143,
  ...rest,
});

/** Stopped by a person or another tool. */
export const userStop = (
  at: Minute,
  lived: number,
  exit: number,
  reason = "Task stopped by user",
): StopSpec => ({
  at,
  lived,
  code: "UserInitiated",
  reason,
  exit,
});

/** Never started: image, secrets, network, placement. */
export const startStop = (at: Minute, reason: string, rest: StopRest = {}): StopSpec => ({
  at,
  code: "TaskFailedToStart",
  reason,
  ...rest,
});

/** The same stop several times, `every` minutes apart, the newest at `last`. */
export function repeated(
  count: number,
  last: Minute,
  every: number,
  make: (at: Minute) => StopSpec,
): StopSpec[] {
  return Array.from({ length: count }, (_, index) => make(last - index * every));
}

type Window = readonly [from: Minute, to: Minute];

const entry =
  (level: LogEntry["level"]) =>
  ([from, to]: Window, rate: number, ...lines: readonly string[]): LogEntry => ({
    from,
    to,
    rate,
    level,
    text: lines.join("\n"),
  });

export const errorLog = entry("ERROR");
export const warnLog = entry("WARN");
export const infoLog = entry("INFO");
/** Lines that no framework wrote. */
export const bareLog = (window: Window, rate: number, ...lines: readonly string[]): LogEntry => ({
  ...entry("ERROR")(window, rate, ...lines),
  bare: true,
});
