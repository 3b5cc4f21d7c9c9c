import { z } from "zod";
import { Conditions } from "../conditions.ts";

const count = z.union([z.int().positive(), z.literal("all")]);
/**
 * Which tasks of a service: so many at random, or all. With `returns`, also every one that is started later. Of a task
 * it is the service's own container, unless another one is named.
 */
const onTasks = {
  service: z.string(),
  tasks: count,
  returns: z.boolean().optional(),
  container: z.string().optional(),
};

/** What happens inside of the processes of tasks. */
const taskInjections = [
  z.strictObject({
    kind: z.literal("leak"),
    ...onTasks,
    mebibytesPerSecond: z.number(),
    /** So much at once. */
    startsAtMebibytes: z.int().positive().optional(),
    /** An upper bound, as of a cache; unbounded without it. */
    upToMebibytes: z.number().positive().optional(),
    /** Everything is given back after so many seconds at the bound, as by a job or a collector. */
    fallsAfterSeconds: z.number().nonnegative().optional(),
    /** Whether it climbs anew after each fall. */
    again: z.boolean().optional(),
  }),
  /** Without `seconds` it does not end. */
  z.strictObject({ kind: z.literal("hang"), ...onTasks, seconds: z.number().positive().optional() }),
  z.strictObject({
    kind: z.literal("spin"),
    ...onTasks,
    /** Share of one core. */
    cores: z.number().positive().max(1),
    /** Without it the work does not end. */
    seconds: z.number().optional(),
    /** Starts just after a multiple of so many seconds, so that it covers whole metric periods. */
    alignToSeconds: z.number().optional(),
  }),
  z.strictObject({ kind: z.literal("slow"), ...onTasks, milliseconds: z.number().nonnegative() }),
  /** A share of the requests fails, 0 to 1; 0 makes them well again. */
  z.strictObject({ kind: z.literal("errors"), ...onTasks, share: z.number().min(0).max(1) }),
  z.strictObject({
    kind: z.literal("exit-after"),
    ...onTasks,
    requests: z.int().positive(),
    code: z.int().default(1),
  }),
  z.strictObject({ kind: z.literal("fill-disk"), ...onTasks, mebibytesPerSecond: z.number() }),
  z.strictObject({ kind: z.literal("leak-connections"), ...onTasks, share: z.number().min(0).max(1) }),
  /** The pool loses its connections to the database and counts them as taken for good. */
  z.strictObject({ kind: z.literal("lose-pool"), ...onTasks }),
  /** Nothing that the tasks send to others arrives any more, while they are reached as before. */
  z.strictObject({ kind: z.literal("cut-off"), ...onTasks }),
  /** The tasks print these lines, as a service that logs what strangers send. */
  z.strictObject({
    kind: z.literal("print"),
    ...onTasks,
    lines: z.array(z.string()).min(1),
    /** As they are, not as lines of an access log. */
    raw: z.boolean().optional(),
    /** Again and again; once without it. */
    everySeconds: z.number().positive().optional(),
  }),
  /** The process prints these lines after so many seconds and ends with this exit code. */
  z.strictObject({
    kind: z.literal("crash"),
    ...onTasks,
    afterSeconds: z.number().nonnegative(),
    code: z.int().min(1).max(255),
    lines: z.array(z.string()).default([]),
  }),
  /** The memory that a task took at its start by `WARM_CACHE_MIB` is given back. */
  z.strictObject({ kind: z.literal("drop-cache"), ...onTasks }),
  /** The job that a task runs by `JOB_EVERY_SECONDS` is not started any more. */
  z.strictObject({ kind: z.literal("end-job"), ...onTasks }),
  /**
   * Each task writes a metric of this name once a second, `from` one value `to` another within `seconds`. `${task}` in
   * a dimension is the task's id. The application calls PutMetricData or, `embedded`, prints a line in embedded format.
   */
  z.strictObject({
    kind: z.literal("write-metric"),
    ...onTasks,
    namespace: z.string(),
    metric: z.string(),
    dimensions: z.record(z.string(), z.string()).default({}),
    from: z.number(),
    to: z.number(),
    seconds: z.number().positive(),
    embedded: z.boolean().default(false),
  }),
  /** Somebody stops tasks. */
  z.strictObject({
    kind: z.literal("stop-tasks"),
    service: z.string(),
    tasks: count,
    reason: z.string(),
    /** Who does it: a person, or AWS, which takes Spot capacity back. */
    code: z.enum(["UserInitiated", "SpotInterruption"]).default("UserInitiated"),
  }),
] as const;

const pullProblem = z.enum(["not-found", "access-denied", "timeout", "no-space", "forbidden"]);
const secretProblem = z.enum(["missing", "access-denied", "timeout"]);

/** What changes in a task definition with a deployment. Members that are left out stay. */
export const deployedChange = z.strictObject({
  image: z.string().optional(),
  cpu: z.int().optional(),
  memory: z.int().optional(),
  /** Variables that are set; `null` takes one away. */
  environment: z.record(z.string(), z.string().nullable()).optional(),
  /** Secrets by variable: the name of a secret of the scenario, or of one that is not there. */
  secrets: z.record(z.string(), z.string()).optional(),
});

/** What happens around the tasks. */
const worldInjections = [
  z.strictObject({ kind: z.literal("load"), factor: z.number() }),
  /** One client that keeps its cookies sends so many requests a second, beside the load. */
  z.strictObject({ kind: z.literal("client"), perSecond: z.number().nonnegative() }),
  z.strictObject({ kind: z.literal("stop-service"), service: z.string() }),
  /** The listener answers every request itself with this status, as a rule with a fixed response; `null` forwards again. */
  z.strictObject({
    kind: z.literal("listener"),
    service: z.string(),
    answers: z.int().min(200).max(599).nullable(),
  }),
  z.strictObject({
    kind: z.literal("deploy"),
    service: z.string(),
    ...deployedChange.shape,
    /** Whether the deployment is over when the injection is; else it is left going on. */
    completes: z.boolean(),
    /** A deployment that breaks nothing: to roll it back is wrong. */
    innocent: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal("desired-count"), service: z.string(), count: z.int().nonnegative() }),
  /** The tag `image` gets the content of another one; `problem` makes its pulls fail, `null` lets them through. */
  z.strictObject({ kind: z.literal("tag"), image: z.string(), content: z.string() }),
  z.strictObject({ kind: z.literal("registry"), image: z.string(), problem: pullProblem.nullable() }),
  /** The secret gets another `value`, which tasks read that start later, or reading it fails from now on. */
  z.strictObject({
    kind: z.literal("secret"),
    name: z.string(),
    problem: secretProblem.nullable().optional(),
    value: z.string().optional(),
  }),
  /** The room of the cluster from now on. */
  z.strictObject({
    kind: z.literal("capacity"),
    tasks: z.int().optional(),
    cpu: z.int().optional(),
    memory: z.int().optional(),
  }),
  /** The host of a task of this service is terminated, with everything on it. */
  z.strictObject({ kind: z.literal("lose-host"), service: z.string() }),
  z.strictObject({
    kind: z.literal("target-health-check"),
    service: z.string(),
    path: z.string().optional(),
    port: z.int().optional(),
    timeoutSeconds: z.int().optional(),
    unhealthyThreshold: z.int().optional(),
    matcher: z.string().optional(),
  }),
  z.strictObject({
    kind: z.literal("auto-scaling"),
    service: z.string(),
    min: z.int().optional(),
    max: z.int().optional(),
    suspended: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal("external"),
    name: z.string(),
    /** How a partner API answers. */
    mode: z.enum(["well", "throttled", "denied", "failing", "silent"]).optional(),
    /** Milliseconds an answer takes. */
    slow: z.number().nonnegative().optional(),
    /** How many connections a database takes. */
    maxConnections: z.int().optional(),
    /** Whether a database answers nothing. */
    silent: z.boolean().optional(),
    /** How many connections of a database clients have that are not of this cluster. */
    others: z.int().nonnegative().optional(),
    /** It closes the connections that it has. */
    hangUp: z.literal(true).optional(),
    /** Whether its host name is known. */
    resolves: z.boolean().optional(),
    /** It gets a certificate that is valid for so long. */
    certificateSeconds: z.number().optional(),
    /** The process is gone. */
    gone: z.literal(true).optional(),
  }),
  /** How AWS behaves from now on; replaces the conditions before. */
  z.strictObject({ kind: z.literal("conditions"), conditions: Conditions }),
  z.strictObject({ kind: z.literal("wait"), seconds: z.number().positive() }),
] as const;

/** One step of the injection, harmful or only suspicious. */
export const injectionSchema = z.discriminatedUnion("kind", [...taskInjections, ...worldInjections]);

export type Injection = z.infer<typeof injectionSchema>;
export type TaskInjection = Extract<Injection, { tasks: unknown }>;
