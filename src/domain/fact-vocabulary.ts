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

/** The class of trouble that the fixed words of a template speak of. */
const LogSignal = z.enum([
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
  "wrong-architecture",
  "exception",
]);

/**
 * A pattern of log lines. `template`, `values`, `signal`, counts and task ids hold no free words and may be shown to the
 * model that decides; `lines`, `frame` and the `text` of a root cause are the application's own words, for people.
 */
export const LogPatternData = z.object({
  level: z.enum(["error", "warn", "info"]),
  template: z.string(),
  count: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  newSinceOnset: z.boolean(),
  /** What class of trouble the template's fixed words speak of, if any. */
  signal: LogSignal.optional(),
  /** Of `count`, the lines before the onset. */
  countBefore: z.number().int().optional(),
  /** The containers with a line of it, as the task definition or AWS names them; at most 5. */
  containers: z.array(z.string()).optional(),
  /** Tasks with a line of it, at most 20 by id, as AWS names their streams; absent where streams name no task. */
  taskIds: z.array(z.string()).optional(),
  taskCount: z.number().int().optional(),
  /** Tasks with any line in the window. */
  taskTotal: z.number().int().optional(),
  /** What the template's placeholders stood for, in their order; of warnings and errors. */
  values: z
    .array(
      z.object({
        /** The typed token; a key of that name would be redacted. */
        placeholder: z.string(),
        /** Distinct values, counted up to 100. */
        distinct: z.number().int(),
        /** A number with its unit in the oldest and in the newest line. */
        first: z.string().optional(),
        last: z.string().optional(),
      }),
    )
    .optional(),
  /** The innermost cause of each distinct trace, the most frequent first. */
  rootCauses: z
    .array(
      z.object({
        text: z.string(),
        template: z.string(),
        signal: LogSignal.optional(),
        /** Traces with it. */
        count: z.number().int(),
      }),
    )
    .optional(),
  /** The top frame of the program's own code. */
  frame: z.string().optional(),
  /** The newest line and up to two that differ most from it, redacted. */
  lines: z.array(z.string()).optional(),
});
