/** Environment and policy file -> one frozen Config. The only reader of process.env. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { Mode, Policy } from "./domain/policy.ts";
import { readPolicy } from "./policy/policy-file.ts";

/** The models asked when LLM_MODEL does not say, in order of preference. See docs/decisions. */
const DEFAULT_MODELS = "anthropic/claude-sonnet-5,openai/gpt-5.4,google/gemini-3.5-flash";

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ });

const Environment = z.object({
  OPENROUTER_API_KEY: text.optional(),
  OPENROUTER_BASE_URL: url.default("https://openrouter.ai/api/v1"),
  LLM_MODEL: text
    .default(DEFAULT_MODELS)
    .transform((list) => list.split(",").map((slug) => slug.trim()))
    .pipe(z.array(text).min(1).max(3, "at most three models, separated by commas")),
  OPSAGENT_DIAGNOSER: z.enum(["model", "rules"]).default("model"),
  OPSAGENT_MODE: Mode.default("auto"),
  OPSAGENT_POLICY: text.optional(),
  OPSAGENT_STORE: text
    .default("sqlite:.opsagent/opsagent.db")
    .refine((value) => /^sqlite:.+/.test(value), 'must be "sqlite:PATH"'),
  AWS_REGION: text.default("us-east-1"),
  AWS_ENDPOINT_URL: url.optional(),
  ECS_CLUSTER: text.optional(),
  LOG_GROUP_PREFIX: text.default("/ecs/"),
  SLACK_WEBHOOK_URL: url.optional(),
});

/** Everything that configures OpsAgent, checked and frozen. */
export interface Config {
  readonly diagnoser: "model" | "rules";
  readonly model: {
    readonly apiKey: string | undefined;
    readonly baseUrl: string;
    readonly slugs: readonly string[];
  };
  readonly mode: Mode;
  readonly policy: Policy;
  readonly storePath: string;
  readonly aws: { readonly region: string; readonly endpoint: string | undefined };
  readonly cluster: string | undefined;
  readonly logGroupPrefix: string;
  readonly slackWebhookUrl: string | undefined;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the configuration. Every problem is listed at once, each with the variable's name; values are never
 * repeated, since some are secrets. `overrides` stand above the environment, `defaults` below it.
 */
export function readConfig(layers: { defaults?: Variables; overrides?: Variables } = {}): ConfigResult {
  const given: Variables = { ...layers.defaults, ...process.env, ...layers.overrides };
  const set = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(set);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  const policy = readPolicyFile(set["OPSAGENT_POLICY"]);
  if (!policy.ok) problems.push(...policy.problems);
  if (!parsed.success || !policy.ok) return { ok: false, problems };
  const env = parsed.data;
  return {
    ok: true,
    config: Object.freeze({
      diagnoser: env.OPSAGENT_DIAGNOSER,
      model: Object.freeze({
        apiKey: env.OPENROUTER_API_KEY,
        baseUrl: env.OPENROUTER_BASE_URL,
        slugs: env.LLM_MODEL,
      }),
      mode: env.OPSAGENT_MODE,
      policy: policy.policy,
      storePath: env.OPSAGENT_STORE.slice("sqlite:".length),
      aws: Object.freeze({ region: env.AWS_REGION, endpoint: env.AWS_ENDPOINT_URL }),
      cluster: env.ECS_CLUSTER,
      logGroupPrefix: env.LOG_GROUP_PREFIX,
      slackWebhookUrl: env.SLACK_WEBHOOK_URL,
    }),
  };
}

function readPolicyFile(
  path: string | undefined,
): { ok: true; policy: Policy } | { ok: false; problems: string[] } {
  if (path === undefined) return { ok: true, policy: Policy.parse({}) };
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : "not readable";
    return { ok: false, problems: [`OPSAGENT_POLICY: the file cannot be read: ${why}`] };
  }
  const result = readPolicy(content);
  if (result.ok) return result;
  return {
    ok: false,
    problems: result.problems.map(
      (problem) =>
        `${path}${problem.line === undefined ? "" : `:${problem.line}`}: ${problem.path === "" ? "" : `${problem.path}: `}${problem.message}`,
    ),
  };
}
