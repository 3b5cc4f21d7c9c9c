import { z } from "zod";
import { Comparison } from "./alert.ts";
import { hostTrouble, progressOfDeployment, shapeOfService } from "./deployment-facts.ts";
import {
  AlarmDefinition,
  ChangeArea,
  LogPatternData,
  MetricRole,
  Provenance,
  SameTimeBefore,
  SeriesSummary,
  StopClass,
  TaskComparison,
  TriggerField,
} from "./fact-vocabulary.ts";

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
  /** From the task definition; absent in older records, and where it was not read. */
  essential: z.boolean().optional(),
  /** False for a container that is not in the task definition. */
  declared: z.boolean().optional(),
  /** Of the container, or of the task where the container has none. */
  memoryLimitMiB: z.number().optional(),
  limitOf: z.enum(["container", "task"]).optional(),
  /** True for one that opens no port beside one that does. */
  sidecar: z.boolean().optional(),
  /** True for one that failed its own health check. */
  unhealthy: z.boolean().optional(),
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
      ...shapeOfService,
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
      /** ARN of the service deployment, by which it can be stopped, where the deployment history names it. */
      arn: z.string().optional(),
      /** What the deployment history says of it, such as `IN_PROGRESS` or `ROLLBACK_REQUESTED`. */
      historyStatus: z.string().optional(),
      /** On the primary one: the deployment history has one that is being stopped or rolled back. */
      rollingBack: z.boolean().optional(),
      ...progressOfDeployment,
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
      /** True where the images of every container could be compared and are the same. */
      sameImages: z.boolean().optional(),
      /** What `from` is; without a deployment history nobody knows whether the revision before ever ran. */
      base: z.enum(["last-steady", "being-replaced", "revision-before"]).optional(),
      /** `ACTIVE`, `INACTIVE` or `DELETE_IN_PROGRESS`: whether `from` could be put in place again. */
      fromStatus: z.string().optional(),
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
      class: z.enum([
        "unhealthy",
        "placement-failure",
        "start-failure",
        "start-impaired",
        "throttled",
        "protected",
        "other",
      ]),
      message: z.string(),
      count: z.number().int(),
    }),
  }),
  z.object({
    ...common,
    /** Entries of ECS Action Logs on the service, equal ones counted. */
    kind: z.literal("action-log"),
    data: z.object({
      level: z.enum(["WARN", "ERROR"]),
      event: z.string(),
      reason: z.string().optional(),
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
      /** Containers that ended and that the task runs on without; absent where there is none. */
      ended: z.array(Container).optional(),
    }),
  }),
  z.object({
    ...common,
    /** A container instance that is not well, with the tasks of the service on it. */
    kind: z.literal("host"),
    data: hostTrouble,
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
      /** The name of the container whose end stopped the tasks, where it can be told. */
      endedBy: z.string().optional(),
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
      /** Namespace and dimensions as CloudWatch has them; absent in older records and of metric math. */
      namespace: z.string().optional(),
      dimensions: z.record(z.string(), z.string()).optional(),
      /** Why the series supports no cause and chooses no task; absent where it may. */
      explainsOnly: z.string().optional(),
      /** True for the series that the alarm of the incident watches. */
      isAlarm: z.boolean().optional(),
      /** True for the series that the trigger's words name, where AWS knows no alarm behind it. */
      isSymptom: z.boolean().optional(),
      /** Set when the newest data is too old to say anything about now. */
      noDataSince: z.iso.datetime().optional(),
      threshold: z.number().optional(),
      /** The edges of the alarm's anomaly band at its newest time. */
      expected: z.object({ lower: z.number(), upper: z.number() }).optional(),
      /** The comparison of the alarm that has this threshold; absent in older records. */
      comparison: Comparison.optional(),
      /**
       * Whether the newest periods, as many as the alarm evaluates, are all on the healthy side. Absent where they have
       * no points and the alarm does not say what that means.
       */
      insideThreshold: z.boolean().optional(),
      /** On which side points of these periods are beyond the threshold. */
      beyond: z.enum(["above", "below"]).optional(),
      /** True where the threshold is a scaling policy's target: it says when autoscaling acts, not what is well. */
      scalingTarget: z.boolean().optional(),
      /**
       * How this task stands to the others of its revision: how many, their level, the distance in deviations by which
       * such tasks differ, and since when. Absent where there is no other to compare with.
       */
      amongTasks: TaskComparison.optional(),
      /**
       * True for a high percentile of so few requests a period that it is hardly more than the slowest of them; absent
       * where the requests are not known.
       */
      quietTail: z.boolean().optional(),
      /** How far the series went at the same time before; absent where it has not changed, and where that is not known. */
      usual: SameTimeBefore.optional(),
      /** True where the departure began with the start of a task that still warms up. */
      startUp: z.boolean().optional(),
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
      /** The port that the check asks, where no container of the task definition opens it. */
      wrongPort: z.number().optional(),
      /** What the check asks and expects, such as `GET /health by HTTP, codes 200, within 5 s`; of a sick target. */
      check: z.string().optional(),
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
      /** What AWS compares with what; absent in older records, of other alarms and of a composite alarm. */
      definition: AlarmDefinition.optional(),
      /** Transitions into ALARM in the last 60 minutes. */
      recentAlarms: z.number().int().optional(),
      /** Changes of state in the same time. */
      recentTransitions: z.number().int().optional(),
      flapping: z.boolean().optional(),
      /** Set on an alarm whose only actions are this service's scaling policies: what autoscaling does in ALARM. */
      scaling: z.enum(["out", "in", "unknown"]).optional(),
      /** True for another alarm of the same service than the one that fired. */
      other: z.boolean().optional(),
    }),
  }),
  z.object({
    ...common,
    /** One thing that the message which announced the alarm says otherwise than AWS. Supports nothing. */
    kind: z.literal("trigger-difference"),
    data: z.object({
      field: TriggerField,
      /** What the message says. */
      message: z.string(),
      /** What AWS says. */
      aws: z.string(),
    }),
  }),
  z.object({
    ...common,
    kind: z.literal("log-pattern"),
    data: LogPatternData,
  }),
  z.object({
    ...common,
    /** The last lines of a task that ended by itself: a claim of the application, in its own words. */
    kind: z.literal("last-words"),
    data: z.object({
      taskId: z.string(),
      container: z.string().optional(),
      /** Redacted, oldest first. */
      lines: z.array(z.string()),
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
      /** True for what this incident itself has tried before. */
      own: z.boolean().optional(),
    }),
  }),
]);
export type Fact = z.infer<typeof Fact>;
export type FactKind = Fact["kind"];
export type FactOf<K extends FactKind> = Extract<Fact, { kind: K }>;
