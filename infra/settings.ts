/** The CDK context (`-c key=value`, or `context` of cdk.json) -> deployment settings. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { ECS_WAKES } from "./ecs-events.ts";
import { type PolicyView, readPolicyView } from "./policy-view.ts";

const text = z.string().trim().min(1);
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((value) => value === "true")]);
const list = z
  .union([z.array(text), z.string().transform((value) => value.split(",").map((one) => one.trim()))])
  .transform((values) => values.filter((value) => value !== ""));

/** As CloudWatch Logs allows it; `*` only at the end of further log groups. */
const logGroup = z.string().regex(/^[\w./#-]{1,512}$/, "a log group's name or its beginning");

const LoadBalancers = z.record(
  text,
  z.strictObject({
    loadBalancer: text.describe("the end of its ARN: app/NAME/ID"),
    targetGroup: text.describe("the end of its ARN: targetgroup/NAME/ID"),
  }),
);

/** The command line only passes text. What is not JSON stays text, and is rejected as such. */
function fromJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const Context = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, "lower-case letters, digits and dashes, at most 31")
    .default("opsagent")
    .describe("begins the name of everything"),
  cluster: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,255}$/, "a cluster's name, not its ARN")
    .describe("the ECS cluster that the agent is responsible for"),
  policy: text.default("policy.yaml").describe("path of the policy file"),
  mode: z.enum(["observe", "approve", "auto"]).default("observe").describe("ceiling over the policy's modes"),
  diagnoser: z.enum(["model", "rules"]).default("model").describe("`rules` needs no key and asks no model"),
  models: text.optional().describe("LLM_MODEL"),
  logGroupPrefix: logGroup
    .default("/ecs/")
    .describe("a service logs to <prefix><service>, where its task definition does not say"),
  logGroups: list
    .pipe(z.array(z.string().regex(/^(?:[a-z]{2}(?:-[a-z]+)+-\d:)?[\w./#-]{1,512}\*?$/)))
    .default([])
    .describe(
      "further log groups that the services write to, as with FireLens; `*` at the end is allowed, and a region before: `eu-west-1:/app/web`",
    ),
  package: z.enum(["zip", "image"]).default("zip").describe("of the incident function"),
  reservedConcurrency: z
    .union([z.literal("none"), z.coerce.number().int().min(1)])
    .default(10)
    .describe("of the incident function; `none` in accounts whose limit is too low to reserve any"),
  alarmEmail: z.email().optional().describe("notified of problems of the agent itself"),
  secretArn: text.optional().describe("an existing secret instead of a new one"),
  taskRoles: list
    .pipe(z.array(z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, "the ARN of a role")))
    .default([])
    .describe("ARNs of the services' task and execution roles; see docs/deploying.md"),
  stopOnlyTaggedTasks: flag.default(false).describe("StopTask only on tasks with ECS managed tags"),
  serviceAlarms: flag.default(false).describe("standard alarms for every service that the policy names"),
  containerInsights: flag.default(false).describe("the cluster has it: alarm on tasks missing"),
  loadBalancers: z
    .preprocess(fromJson, z.unknown())
    .pipe(LoadBalancers)
    .default({})
    .describe("JSON by service name: alarms on 5xx answers and unhealthy hosts"),
  taskEvents: flag
    .default(true)
    .describe(`ECS itself starts an incident without an alarm: ${ECS_WAKES.join("; ")}`),
});

export type Settings = Omit<z.infer<typeof Context>, "policy"> & {
  readonly policy: PolicyView;
  /** Packed beside the bundle unchanged. */
  readonly policyText: string;
  /** The absolute path of the policy file. */
  readonly policyPath: string;
};

/** Every known key with its description; for `--help`. */
export function contextKeys(): readonly { readonly key: string; readonly about: string }[] {
  return Object.entries(Context.shape).map(([key, shape]) => ({ key, about: shape.description ?? "" }));
}

/**
 * Reads the settings. `lookUp` returns a context value; paths are relative to `folder`. Throws an Error that lists
 * every problem with its key.
 */
export function readSettings(lookUp: (key: string) => unknown, folder: string): Settings {
  const given = Object.keys(Context.shape).flatMap((key) => {
    const value = lookUp(key);
    return value === undefined || value === "" ? [] : [[key, value]];
  });
  const parsed = Context.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  -c ${path.join(".")}=...: ${message}`);
    throw new Error(`What is to be deployed is not clear:\n${problems.join("\n")}`);
  }
  const { policy, ...context } = parsed.data;
  const policyPath = resolve(folder, policy);
  const policyText = readPolicyText(policyPath);
  return { ...context, policyText, policyPath, policy: readPolicyView(policyText, context.mode) };
}

function readPolicyText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new Error(
      `There is no policy file ${path}. Name it: -c policy=PATH; docs/deploying.md has one to begin with.`,
      {
        cause,
      },
    );
  }
}
