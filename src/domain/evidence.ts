import { z } from "zod";

/** Who can have written a fact. An action needs support from the first two; an attacker can write the third. */
export const Provenance = z.enum(["control-plane", "metric", "log", "memory"]);
export type Provenance = z.infer<typeof Provenance>;

/** Which role a series plays, whatever namespace it came from. */
export const MetricRole = z.enum([
  "alarm",
  "cpu",
  "memory",
  "requests",
  "errors-5xx",
  "elb-5xx",
  "latency-p50",
  "latency-p99",
  "unhealthy-hosts",
  "running-tasks",
  "task-cpu",
  "task-memory",
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

/** A metric's shape: levels in the metric's unit, times ISO 8601, `slopePerMinute` in units a minute. */
export const SeriesSummary = z.object({
  count: z.number().int(),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
  baseline: z.number(),
  current: z.number(),
  min: z.number(),
  max: z.number(),
  onset: z.iso.datetime().optional(),
  direction: z.enum(["up", "down", "none"]),
  shape: z.enum(["flat", "ramp", "step", "spike", "unknown"]),
  slopePerMinute: z.number(),
});
export type SeriesSummary = z.infer<typeof SeriesSummary>;

const common = {
  id: z.string().regex(/^E\d+$/),
  provenance: Provenance,
  at: z.iso.datetime().optional(),
  /** One line for a person and for the model. Redacted and fenced before it is stored. */
  statement: z.string(),
};

const Container = z.object({
  name: z.string(),
  exitCode: z.number().int().optional(),
  reason: z.string().optional(),
});

/**
 * One observed fact. `kind` decides which `data` it carries; detectors read `data`, people read `statement`.
 */
export const Fact = z.discriminatedUnion("kind", [
  z.object({
    ...common,
    kind: z.literal("service"),
    data: z.object({
      status: z.string(),
      desired: z.number(),
      running: z.number(),
      pending: z.number(),
      taskDefinition: z.string(),
      controller: z.string(),
      minimumHealthyPercent: z.number().optional(),
      maximumPercent: z.number().optional(),
      healthCheckGraceSeconds: z.number().optional(),
      circuitBreakerRollback: z.boolean().optional(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("deployment"),
    data: z.object({
      id: z.string(),
      status: z.string(),
      rolloutState: z.string().optional(),
      rolloutReason: z.string().optional(),
      taskDefinition: z.string(),
      createdAt: z.iso.datetime().optional(),
      desired: z.number(),
      running: z.number(),
      failedTasks: z.number(),
      inProgress: z.boolean(),
      /** Seconds from this deployment's start to the onset of the symptom; negative when it began after. */
      secondsBeforeOnset: z.number().optional(),
      /** The task definition that ran before it, where the deployment history says. */
      replaced: z.string().optional(),
      /** True for a new deployment of the same task definition. */
      forced: z.boolean().optional(),
      /** For a forced one: whether the tag now stands for another image digest. */
      imageChanged: z.boolean().optional(),
    }),
  }),
  z.object({
    ...common,
    /** A deployment of the deployment history that is over and no longer among the service's own. */
    kind: z.literal("finished-deployment"),
    data: z.object({
      id: z.string(),
      status: z.string(),
      reason: z.string().optional(),
      taskDefinition: z.string(),
      replaced: z.string().optional(),
      forced: z.boolean().optional(),
      imageChanged: z.boolean().optional(),
      startedAt: z.iso.datetime().optional(),
      finishedAt: z.iso.datetime().optional(),
      /** Tasks that the circuit breaker counted as failed. */
      failedTasks: z.number(),
      circuitBreakerTriggered: z.boolean(),
      /** The task definition that a rollback went back to. */
      rolledBackTo: z.string().optional(),
      secondsBeforeOnset: z.number().optional(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("task-definition-diff"),
    data: z.object({
      from: z.string(),
      to: z.string(),
      changes: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
      /** What `from` is; without a deployment history nobody knows whether the revision before ever ran. */
      base: z.enum(["last-steady", "being-replaced", "revision-before"]).optional(),
      /** When the service went over to `to`. */
      deployedAt: z.iso.datetime().optional(),
      secondsBeforeOnset: z.number().optional(),
    }),
  }),
  z.object({
    ...common,
    /** A change that CloudTrail recorded: of the service itself, or of something that it may stand on. */
    kind: z.literal("change"),
    data: z.object({
      event: z.string(),
      service: z.string(),
      area: ChangeArea,
      /** The role's or user's name, never a session's. */
      who: z.string(),
      resources: z.array(z.string()),
      parameters: z.record(z.string(), z.string()),
      /** True when it names the service, its task definition family, its roles or its load balancing. */
      aboutService: z.boolean(),
      secondsBeforeOnset: z.number(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("service-event"),
    data: z.object({
      class: z.enum(["unhealthy", "placement-failure", "start-impaired", "throttled", "protected", "other"]),
      message: z.string(),
      count: z.number().int(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("running-task"),
    data: z.object({
      taskArn: z.string(),
      taskId: z.string(),
      health: z.string().optional(),
      lastStatus: z.string(),
      startedAt: z.iso.datetime().optional(),
      ageSeconds: z.number().optional(),
      taskDefinition: z.string(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("stopped-tasks"),
    data: z.object({
      class: StopClass,
      count: z.number().int(),
      taskIds: z.array(z.string()),
      stopCode: z.string().optional(),
      stoppedReason: z.string().optional(),
      firstAt: z.iso.datetime().optional(),
      lastAt: z.iso.datetime().optional(),
      /** Median seconds from start to stop; undefined when a task never started. */
      medianLifeSeconds: z.number().optional(),
      taskDefinition: z.string(),
      containers: z.array(Container),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("metric"),
    data: z.object({
      role: MetricRole,
      label: z.string(),
      unit: z.string(),
      statistic: z.string(),
      periodSeconds: z.number(),
      taskId: z.string().optional(),
      /** True for the series whose alarm opened the incident. */
      isAlarm: z.boolean().optional(),
      /** Set when the newest data is too old to say anything about now. */
      noDataSince: z.iso.datetime().optional(),
      threshold: z.number().optional(),
      /** Whether the newest points, as many as the alarm evaluates, are all on the healthy side. */
      insideThreshold: z.boolean().optional(),
      summary: SeriesSummary,
      /** Epoch milliseconds and value, at most 120 points, for charts. */
      points: z.array(z.tuple([z.number(), z.number()])),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("target-health"),
    data: z.object({
      state: z.string(),
      reason: z.string().optional(),
      description: z.string().optional(),
      targetGroup: z.string(),
      target: z.string(),
      /** The task behind the target, where its port or address tells. */
      taskId: z.string().optional(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("scaling-limits"),
    data: z.object({ min: z.number(), max: z.number(), suspended: z.boolean() }),
  }),
  z.object({
    ...common,
    kind: z.literal("scaling-activity"),
    data: z.object({ description: z.string(), cause: z.string(), status: z.string() }),
  }),
  z.object({
    ...common,
    kind: z.literal("alarm"),
    data: z.object({
      name: z.string(),
      state: z.string(),
      reason: z.string().optional(),
      stateSince: z.iso.datetime().optional(),
      /** Transitions into ALARM in the last 60 minutes. */
      recentAlarms: z.number().int().optional(),
      /** Changes of state in the same time. */
      recentTransitions: z.number().int().optional(),
      flapping: z.boolean().optional(),
      /** True for another alarm of the same service than the one that fired. */
      other: z.boolean().optional(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("log-pattern"),
    data: z.object({
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
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("past-incident"),
    data: z.object({
      incidentId: z.string(),
      cause: z.string(),
      action: z.string(),
      outcome: z.string(),
      closedAt: z.iso.datetime().optional(),
      agoSeconds: z.number().optional(),
      sameAlarm: z.boolean().optional(),
    }),
  }),
]);
export type Fact = z.infer<typeof Fact>;
export type FactKind = Fact["kind"];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;

/** Something that should have been read and was not. `important` gaps lower the confidence. */
export const Gap = z.object({
  source: z.string(),
  code: z.string(),
  message: z.string(),
  /** What the reader can do about it, where something can be done. */
  remedy: z.string().optional(),
  important: z.boolean(),
});
export type Gap = z.infer<typeof Gap>;

/** Everything observed about one incident at one time. */
export const Evidence = z.object({
  observedAt: z.iso.datetime(),
  /** When the symptom began, found in the series; the alarm's own time where no series says. */
  onset: z.iso.datetime(),
  facts: z.array(Fact),
  gaps: z.array(Gap),
  /** Where changes could be looked for; an older record does not say. */
  changeSources: z.array(ChangeSource).optional(),
  /** The newest log lines, redacted, for the report only. */
  lastLines: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

/** All facts of one kind, typed. */
export function factsOf<K extends FactKind>(evidence: Evidence, kind: K): FactOf<K>[] {
  return evidence.facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
}

/** The metric facts of one role. */
export function metricsOf(evidence: Evidence, role: MetricRole): FactOf<"metric">[] {
  return factsOf(evidence, "metric").filter((fact) => fact.data.role === role);
}

/** The series whose alarm opened the incident, whatever its role. */
export function alarmMetricOf(evidence: Evidence): FactOf<"metric"> | undefined {
  return factsOf(evidence, "metric").find((fact) => fact.data.isAlarm === true);
}
