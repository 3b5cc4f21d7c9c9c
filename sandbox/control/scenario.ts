import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const serviceSchema = z.strictObject({
  name: z.string(),
  image: z.string(),
  desiredCount: z.int(),
  /** CPU units, 1024 = one vCPU. */
  cpu: z.int(),
  /** Hard limit in MiB. */
  memory: z.int(),
  containerPort: z.int(),
  healthCheckGracePeriodSeconds: z.int().default(0),
  stopTimeout: z.int().default(2),
  environment: z.record(z.string(), z.string()).default({}),
  autoScaling: z.strictObject({ min: z.int(), max: z.int() }).optional(),
  minimumHealthyPercent: z.int().default(100),
  maximumPercent: z.int().default(200),
  /** With it, ECS goes back by itself from a deployment whose tasks fail. */
  circuitBreaker: z.boolean().default(true),
});

const injectionSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("leak"),
    service: z.string(),
    tasks: z.int(),
    mebibytesPerSecond: z.number(),
  }),
  z.strictObject({ kind: z.literal("hang"), service: z.string(), tasks: z.int() }),
  z.strictObject({
    kind: z.literal("spin"),
    service: z.string(),
    tasks: z.int(),
    /** Share of one core. */
    cores: z.number().positive().max(1),
    /** Without it the work does not end. */
    seconds: z.number().optional(),
    /** Starts just after a multiple of so many seconds, so that it covers whole metric periods. */
    alignToSeconds: z.number().optional(),
  }),
  z.strictObject({ kind: z.literal("load"), factor: z.number() }),
  z.strictObject({ kind: z.literal("stop-service"), service: z.string() }),
  z.strictObject({
    kind: z.literal("deploy"),
    service: z.string(),
    image: z.string(),
    /** Whether the deployment is over when the injection is; else it is left going on. */
    completes: z.boolean(),
  }),
]);

const truthSchema = z.strictObject({
  causes: z.array(z.string()).min(1),
  actions: z.array(z.enum(["restart", "scale", "rollback", "none"])).min(1),
  harmful: z.array(z.enum(["restart", "scale", "rollback"])),
  /** Which tasks an action may touch. A rollback's target is in the injected deployment. */
  targets: z.enum(["injected", "none"]),
  cure: z.string(),
});

/** A fault, declared: what runs, what breaks, which alarm tells, what is true and what would be harm. */
const scenarioSchema = z.strictObject({
  name: z.string(),
  title: z.string(),
  cluster: z.string(),
  /** The service that the alarm is about. */
  service: z.string(),
  services: z.array(serviceSchema).min(1),
  load: z.strictObject({ service: z.string(), perSecond: z.number() }),
  /** Quiet time between the first healthy request and readiness. */
  baselineSeconds: z.number(),
  /** PutMetricAlarm requests; `${topic}`, `${<service>.loadBalancer}`, `${<service>.targetGroup}` are filled in. */
  alarms: z.array(z.looseObject({ AlarmName: z.string() })).min(1),
  injection: z.array(injectionSchema),
  /** What happens by itself some time after the cure, when the driver says so. */
  aftermath: z.array(injectionSchema).default([]),
  truth: truthSchema,
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioService = z.infer<typeof serviceSchema>;
export type Injection = z.infer<typeof injectionSchema>;

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
