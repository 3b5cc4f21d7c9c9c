import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Conditions } from "../conditions.ts";
import { injectionSchema } from "./injection.ts";

const policySchema = z.strictObject({
  metric: z.enum(["cpu", "memory", "requests"]),
  /** Percent, or requests a target in one period. */
  target: z.number().positive(),
  scaleOutCooldown: z.int().default(60),
  scaleInCooldown: z.int().default(60),
  disableScaleIn: z.boolean().default(false),
});

/** A container beside the service's own in each of its tasks. */
const sidecarSchema = z.strictObject({
  name: z.string(),
  image: z.string(),
  cpu: z.int(),
  /** Hard limit in MiB. */
  memory: z.int(),
  /** Whether the task ends with it. */
  essential: z.boolean().default(false),
  environment: z.record(z.string(), z.string()).default({}),
  /** The FireLens log router of its tasks, whose own lines go to this group. */
  logRouter: z.strictObject({ group: z.string() }).optional(),
});

const serviceSchema = z.strictObject({
  name: z.string(),
  /** Another cluster than the scenario's: of another environment, which must not be changed. */
  cluster: z.string().optional(),
  image: z.string(),
  desiredCount: z.int(),
  launchType: z.enum(["EC2", "FARGATE"]).default("EC2"),
  /** CPU units, 1024 = one vCPU. */
  cpu: z.int(),
  /** Whether a task can have no more than these units. One of Fargate never can, others have them as shares. */
  cpuIsLimit: z.boolean().optional(),
  /** Hard limit in MiB. */
  memory: z.int(),
  /** Soft limit in MiB. */
  memoryReservation: z.int().optional(),
  /** 21 to 200, a MiB of this machine each. A Fargate task has 20 without it, another one no disk of its own. */
  ephemeralStorageGiB: z.int().optional(),
  containerPort: z.int(),
  healthCheckGracePeriodSeconds: z.int().default(0),
  stopTimeout: z.int().default(2),
  environment: z.record(z.string(), z.string()).default({}),
  /** By variable: the name of a secret of the scenario. */
  secrets: z.record(z.string(), z.string()).default({}),
  sidecars: z.array(sidecarSchema).default([]),
  /** Which sidecars its own container waits for, and until what: `START`, `COMPLETE`, `SUCCESS` or `HEALTHY`. */
  dependsOn: z.record(z.string(), z.enum(["START", "COMPLETE", "SUCCESS", "HEALTHY"])).default({}),
  /** The log group of its tasks; `/ecs/<name>` without it. Services may share one. */
  logGroup: z.string().optional(),
  logPrefix: z.string().default("ecs"),
  /** Its own lines go through the log router of its tasks, by these options. */
  fireLens: z.record(z.string(), z.string()).optional(),
  containerHealthCheck: z
    .strictObject({
      command: z.array(z.string()).min(2),
      interval: z.int(),
      timeout: z.int(),
      retries: z.int(),
      startPeriod: z.int().default(0),
    })
    .optional(),
  targetHealthCheck: z
    .strictObject({
      path: z.string().optional(),
      port: z.int().optional(),
      intervalSeconds: z.int().optional(),
      timeoutSeconds: z.int().optional(),
      healthyThreshold: z.int().optional(),
      unhealthyThreshold: z.int().optional(),
      matcher: z.string().optional(),
    })
    .optional(),
  deregistrationDelaySeconds: z.int().optional(),
  /** Seconds for which a cookie keeps a client at its task. */
  stickinessSeconds: z.int().positive().optional(),
  autoScaling: z
    .strictObject({
      min: z.int(),
      max: z.int(),
      suspended: z.boolean().default(false),
      policies: z.array(policySchema).default([]),
    })
    .optional(),
  schedulingStrategy: z.enum(["REPLICA", "DAEMON"]).default("REPLICA"),
  /** `FARGATE_SPOT` and the like, in the place of a launch type. */
  capacityProvider: z.string().optional(),
  /** `CODE_DEPLOY`: deployments are CodeDeploy's, blue/green between two target groups, and ECS shows task sets. */
  controller: z.enum(["ECS", "CODE_DEPLOY"]).default("ECS"),
  /** Other than rolling. Minutes are seconds here. */
  rollout: z
    .strictObject({
      strategy: z.enum(["BLUE_GREEN", "LINEAR", "CANARY"]),
      bakeTimeInMinutes: z.number().nonnegative().optional(),
      canaryConfiguration: z
        .strictObject({ canaryPercent: z.number(), canaryBakeTimeInMinutes: z.number() })
        .optional(),
      linearConfiguration: z
        .strictObject({ stepPercent: z.number(), stepBakeTimeInMinutes: z.number() })
        .optional(),
      lifecycleHooks: z.array(z.looseObject({ lifecycleStages: z.array(z.string()) })).optional(),
    })
    .optional(),
  minimumHealthyPercent: z.int().default(100),
  maximumPercent: z.int().default(200),
  /** With it, ECS goes back by itself from a deployment whose tasks fail. */
  circuitBreaker: z.boolean().default(true),
});

/** Something outside of the cluster. `${<name>.url}` and `${<name>.address}` are filled in, `${<name>.ca}` with TLS. */
const externalSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(["database", "partner"]),
  /** The host name by which a partner is called. */
  host: z.string().optional(),
  tls: z.boolean().default(false),
  /** How many connections a database takes. */
  maxConnections: z.int().default(40),
  /** Milliseconds an answer takes. */
  slow: z.number().nonnegative().optional(),
});

/** What a metric was like before the services were started, hours or days long. */
const historySchema = z.strictObject({
  namespace: z.string(),
  metric: z.string(),
  /** `${<service>.loadBalancer}` and the like are filled in. */
  dimensions: z.record(z.string(), z.string()),
  /** How long ago it begins. */
  hours: z
    .number()
    .positive()
    .max(24 * 14),
  /** Its value where nothing else is said. */
  level: z.number(),
  /** Where it has come to at the end, in a straight line; `level` without it. */
  climbsTo: z.number().optional(),
  /** Noise around the value, to both sides. */
  spread: z.number().nonnegative().default(0),
  /** Whether the value is so many a second, to be summed up, rather than a reading. */
  perSecond: z.boolean().default(false),
  /** Another level for so long every so often, the last time one such interval before now. */
  peaks: z
    .strictObject({ everyHours: z.number().positive(), seconds: z.number().positive(), level: z.number() })
    .optional(),
});

const truthSchema = z.strictObject({
  causes: z.array(z.string()).min(1),
  actions: z.array(z.enum(["restart", "scale", "rollback", "none"])).min(1),
  harmful: z.array(z.enum(["restart", "scale", "rollback"])),
  /** Which tasks an action may touch: `all` where nothing tells the broken ones from the others. A rollback's target is in the injected deployment. */
  targets: z.enum(["injected", "all", "none"]),
  /** How it may end where an action is due; `resolved` unless said otherwise. */
  ends: z.array(z.enum(["resolved", "escalated"])).optional(),
  /** What the report must tell a person, in any case of letters; alternatives are separated by `|`. */
  report: z.array(z.string()).default([]),
  /** The thing that broke, as the first message should name it, in any case of letters; alternatives as above. */
  names: z.array(z.string()).default([]),
  /** What is there to mislead. */
  distractors: z.array(z.string()).default([]),
  cure: z.string(),
});

/** A declared fault: services, load, alarms, injection and truth. */
export const scenarioSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  /** The public account of such an incident that it follows. */
  account: z.url().optional(),
  cluster: z.string(),
  /** The service that the alarm is about. */
  service: z.string(),
  services: z.array(serviceSchema).min(1),
  externals: z.array(externalSchema).default([]),
  /** Values by name, as Secrets Manager has them. */
  secrets: z.record(z.string(), z.string()).default({}),
  /** What the cluster measures: per-task series only with `enhanced`, running counts with `enabled`, neither without, which is AWS's default. */
  containerInsights: z.enum(["enhanced", "enabled", "disabled"]).default("disabled"),
  /** How many hosts the cluster has. */
  hosts: z.int().positive().default(1),
  /** GuardDuty adds its agent to every task; `not-pulled`: its image cannot be had. */
  guardDuty: z.enum(["pulled", "not-pulled"]).optional(),
  /** The room of the cluster. */
  capacity: z
    .strictObject({ tasks: z.int().optional(), cpu: z.int().optional(), memory: z.int().optional() })
    .optional(),
  /** The period of the alarms of scaling policies, 60 on AWS. */
  scalingPeriodSeconds: z.union([z.literal(1), z.literal(5), z.literal(10), z.literal(60)]).default(5),
  load: z.strictObject({ service: z.string(), perSecond: z.number() }),
  /** Quiet time between the first healthy request and readiness. */
  baselineSeconds: z.number(),
  /** How long the services and their tasks have run already, as AWS shows it. */
  runsSinceHours: z.number().positive().optional(),
  history: z.array(historySchema).default([]),
  /** What goes on already when measuring begins. */
  prelude: z.array(injectionSchema).default([]),
  /**
   * PutMetricAlarm or, with an AlarmRule, PutCompositeAlarm requests, children first; `${topic}`,
   * `${<service>.loadBalancer}`, `${<service>.targetGroup}` are filled in.
   */
  alarms: z.array(z.looseObject({ AlarmName: z.string() })).min(1),
  /** How AWS behaves from the start on; an injection may change it. */
  conditions: Conditions.prefault({}),
  injection: z.array(injectionSchema),
  /** What happens by itself some time after the cure, when the driver says so. */
  aftermath: z.array(injectionSchema).default([]),
  truth: truthSchema,
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type MetricHistory = z.infer<typeof historySchema>;
export type ScenarioService = z.infer<typeof serviceSchema>;
export type ScenarioExternal = z.infer<typeof externalSchema>;

/** Where a service runs. */
export function clusterOf({ cluster, services }: Scenario, service: string): string {
  return services.find(({ name }) => name === service)?.cluster ?? cluster;
}

/** Reads every scenario of a folder, by name. Throws when one does not fit the schema. */
export function readScenarios(folder: string): Map<string, Scenario> {
  const scenarios = new Map<string, Scenario>();
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()) {
    const parsed = scenarioSchema.safeParse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    if (!parsed.success)
      throw new Error(`The scenario ${file} is not valid:\n${z.prettifyError(parsed.error)}`);
    scenarios.set(parsed.data.name, parsed.data);
  }
  return scenarios;
}

/** Fills `${name}` in every text of a value. Throws for a name without a value. */
export function fillIn(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([^}]+)\}/g, (_whole, name: string) => {
      const text = values.get(name);
      if (text === undefined) throw new Error(`Nothing to put in for \${${name}}.`);
      return text;
    });
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, values));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, values)]));
  }
  return value;
}
