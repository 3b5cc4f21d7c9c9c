/** The closed vocabularies of facts. */
import { z } from "zod";

export { TaskComparison } from "../../packages/signals/compare-tasks.ts";
export { SameTimeBefore } from "../../packages/signals/same-time-before.ts";
export { SeriesSummary } from "../../packages/signals/series-summary.ts";

/**
 * Who can have written a fact. An action needs support from the first two. An application can write a `custom-metric` and
 * a `log`, and whoever sends a message writes the `trigger`: they explain and support nothing.
 */
export const Provenance = z.enum(["control-plane", "metric", "custom-metric", "log", "memory", "trigger"]);

export type Provenance = z.infer<typeof Provenance>;

/** Roles of series about one task each; restarts are planned by them. */
export const TASK_ROLES = ["task-cpu", "task-memory", "task-disk"] as const;

export type TaskRole = (typeof TASK_ROLES)[number];

/** Which role a series plays, whatever namespace it came from. */
export const MetricRole = z.enum([
  "alarm",
  "cpu",
  "memory",
  "memory-lowest",
  "requests",
  "errors-5xx",
  "elb-5xx",
  "latency-p50",
  "latency-p99",
  "unhealthy-hosts",
  "running-tasks",
  ...TASK_ROLES,
]);

export type MetricRole = z.infer<typeof MetricRole>;

/** What a stopped task's codes, reasons and exit codes amount to. */
export const StopClass = z.enum([
  "out-of-memory",
  "killed-after-stop-timeout",
  "stopped-on-request",
  "scaled-in-or-replaced",
  "failed-health-check",
  "image-pull-failed",
  "initialization-failed",
  "container-runtime-error",
  "crashed",
  "exited-successfully",
  "capacity-reclaimed",
  "no-capacity",
  "disk-full",
  "other",
]);

export type StopClass = z.infer<typeof StopClass>;

/** What a change in the account touches. */
export const ChangeArea = z.enum([
  "deployment",
  "scaling",
  "permission",
  "network",
  "secret",
  "database",
  "load-balancing",
  "image",
]);

export type ChangeArea = z.infer<typeof ChangeArea>;

/** Where changes were looked for. */
export const ChangeSource = z.enum(["ecs", "deployment-history", "autoscaling", "cloudtrail"]);

export type ChangeSource = z.infer<typeof ChangeSource>;

/** What a message can say otherwise than AWS. The first four mean that it is about something else. */
export const TriggerField = z.enum([
  "service",
  "cluster",
  "region",
  "account",
  "alarm",
  "state",
  "state-time",
  "metric",
  "dimensions",
  "statistic",
  "period",
  "threshold",
  "comparison",
  "value",
]);

export type TriggerField = z.infer<typeof TriggerField>;

/** An alarm's definition, as DescribeAlarms has it. */
export const AlarmDefinition = z.object({
  namespace: z.string().optional(),
  metric: z.string().optional(),
  dimensions: z.record(z.string(), z.string()).optional(),
  statistic: z.string().optional(),
  periodSeconds: z.number().optional(),
  threshold: z.number().optional(),
  comparison: z.string().optional(),
  evaluationPeriods: z.number().optional(),
  datapointsToAlarm: z.number().optional(),
  treatMissingData: z.string().optional(),
  /** True where the alarm watches metric math or an anomaly band. */
  math: z.boolean().optional(),
});

export type AlarmDefinition = z.infer<typeof AlarmDefinition>;

/** A pattern of log lines. */
export const LogPatternData = z.object({
  level: z.enum(["error", "warn", "info"]),
  template: z.string(),
  count: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  newSinceOnset: z.boolean(),
  /** What class of trouble the template's fixed words speak of, if any. */
  signal: z
    .enum([
      "connection-refused",
      "timeout",
      "dns",
      "throttled",
      "permission",
      "certificate",
      "out-of-memory",
      "disk-full",
      "too-many-connections",
      "missing-configuration",
      "exception",
    ])
    .optional(),
});
