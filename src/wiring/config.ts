/** Environment and policy file -> one frozen Config. The only reader of process.env. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { Severity } from "../domain/cause.ts";
import { Mode, Policy } from "../domain/policy.ts";
import type { PolicyResult } from "../policy/policy-file.ts";
import { problemText } from "../policy/problem-text.ts";

/** The models when LLM_MODEL is not set, in order of preference. See docs/decisions. */
const DEFAULT_MODELS = "anthropic/claude-sonnet-5,openai/gpt-5.4,google/gemini-3.5-flash";

const text = z.string().trim().min(1);
const url = z.url({ protocol: /^https?$/ });

/** The fewest characters of an HTTP token's secret: 24 of base64 are 144 bits. */
const SHORTEST_SECRET = 24;

/** Incidents leave this machine only over HTTPS. */
const safeUrl = url.refine(
  (value) => /^https:|^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/?#]|$)/i.test(value),
  "must be https, or http on this machine",
);
const topicArn = /^arn:aws(-cn|-us-gov)?:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/;

/** Of the SQLite store where OPSAGENT_STORE is not set; below the working directory. */
export const DEFAULT_STORE_PATH = ".opsagent/opsagent.db";

/** `sqlite:PATH` or `dynamodb:TABLE`; a table's name as AWS allows it. */
const storeAddress = /^(?:sqlite:(?<path>.+)|dynamodb:(?<table>[A-Za-z0-9_.-]{3,255}))$/;

/** `file:PATH`, `kms:KEY` (id, ARN or alias), or `none`. */
const auditKeyAddress = /^(?:file:(?<path>.+)|kms:(?<id>[\w:/.-]{3,2048})|none)$/;

const HttpTokens = text
  .transform((list) => list.split(",").map((entry) => /^([\w.-]{1,64}):(.+)$/.exec(entry.trim())))
  .transform((entries, issues) => {
    const problem = (message: string) => issues.addIssue({ code: "custom", message });
    const tokens: HttpToken[] = [];
    // Reports positions instead of names: what stands in a name's place may be a secret.
    for (const [index, entry] of entries.entries()) {
      const [, name = "", secret = ""] = entry ?? [];
      if (entry === null) problem(`entry ${index + 1} must be "name:secret"`);
      else if (secret.length < SHORTEST_SECRET)
        problem(`the secret of entry ${index + 1} must have at least ${SHORTEST_SECRET} characters`);
      else if (tokens.some((token) => token.name === name || token.secret === secret))
        problem(`entry ${index + 1} repeats a name or a secret of an earlier one`);
      tokens.push({ name, secret });
    }
    return tokens;
  });

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
    .default(`sqlite:${DEFAULT_STORE_PATH}`)
    .refine((value) => storeAddress.test(value), 'must be "sqlite:PATH" or "dynamodb:TABLE"'),
  OPSAGENT_AUDIT_KEY: text
    .refine((value) => auditKeyAddress.test(value), 'must be "file:PATH", "kms:KEY" or "none"')
    .optional(),
  AWS_REGION: text.default("us-east-1"),
  AWS_ENDPOINT_URL: url.optional(),
  ECS_CLUSTER: text.optional(),
  LOG_GROUP_PREFIX: text.default("/ecs/"),
  SLACK_WEBHOOK_URL: url.optional(),
  SLACK_BOT_TOKEN: text.optional(),
  SLACK_CHANNEL: text.optional(),
  SLACK_SIGNING_SECRET: text.optional(),
  SLACK_API_URL: url.default("https://slack.com/api/"),
  OPSAGENT_PUBLIC_URL: url.optional(),
  OPSAGENT_WEBHOOK_URL: safeUrl.optional(),
  OPSAGENT_WEBHOOK_SECRET: text.min(SHORTEST_SECRET).optional(),
  PAGERDUTY_ROUTING_KEY: text.optional(),
  PAGERDUTY_EVENTS_URL: safeUrl.default("https://events.pagerduty.com/v2/enqueue"),
  PAGERDUTY_MIN_SEVERITY: Severity.default("P3"),
  OPSAGENT_OPERATORS_TOPIC: text.regex(topicArn, "must be the ARN of an SNS topic").optional(),
  OPSAGENT_HTTP_TOKENS: HttpTokens.default([]),
  OPSAGENT_METRICS: z.enum(["none", "emf"]).default("none"),
  OTEL_EXPORTER_OTLP_ENDPOINT: url.optional(),
  OPSAGENT_WEBHOOK_TOKENS: HttpTokens.default([]),
  OPSAGENT_SNS_TOPICS: text
    .default("")
    .transform((list) =>
      list
        .split(",")
        .map((arn) => arn.trim())
        .filter((arn) => arn !== ""),
    )
    .pipe(z.array(z.string().regex(topicArn, "must be ARNs of SNS topics, separated by commas"))),
  OPSAGENT_GRAFANA_SECRET: text
    .min(SHORTEST_SECRET, `must have at least ${SHORTEST_SECRET} characters`)
    .optional(),
});

/** A client of the HTTP interface; `approvals.httpClients` of the policy lists its `name`. */
export interface HttpToken {
  readonly name: string;
  readonly secret: string;
}

export type StoreAddress =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "dynamodb"; readonly table: string };

/** The key that seals the audit trail. */
export type AuditKeyAddress =
  | { readonly kind: "none" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "kms"; readonly id: string };

/** OpsAgent's configuration, checked and frozen. */
export interface Config {
  readonly diagnoser: "model" | "rules";
  readonly model: {
    readonly apiKey: string | undefined;
    readonly baseUrl: string;
    readonly slugs: readonly string[];
  };
  readonly mode: Mode;
  readonly policy: Policy;
  /** The policy file; undefined where the defaults apply. */
  readonly policyFile: string | undefined;
  readonly store: StoreAddress;
  /**
   * The local path beside which the embedded engine keeps its executions, in `${storePath}-executions`: the SQLite
   * store itself, or `.opsagent/TABLE` for a DynamoDB table, so that two tables never share executions.
   */
  readonly storePath: string;
  /** Where it is not set: a file beside a SQLite store, and none for a DynamoDB table. */
  readonly auditKey: AuditKeyAddress;
  readonly aws: { readonly region: string; readonly endpoint: string | undefined };
  readonly cluster: string | undefined;
  readonly logGroupPrefix: string;
  readonly slackWebhookUrl: string | undefined;
  /** The Slack app; undefined unless both its token and its channel are set. */
  readonly slackApp:
    | { readonly token: string; readonly channel: string; readonly apiUrl: string }
    | undefined;
  /** Verifies that a button was pressed in Slack; without it messages have no buttons. */
  readonly slackSigningSecret: string | undefined;
  /** The address of `opsagent serve` for links; undefined where people cannot reach it. */
  readonly publicUrl: string | undefined;
  /** Where every status update is posted, signed. */
  readonly webhook: { readonly url: string; readonly secret: string } | undefined;
  readonly pagerDuty:
    | { readonly routingKey: string; readonly url: string; readonly minSeverity: Severity }
    | undefined;
  /** ARN of the topic of those who look after OpsAgent, for what no other channel takes. */
  readonly operatorsTopic: string | undefined;
  readonly httpTokens: readonly HttpToken[];
  /** Whether metrics are written outside Lambda, too. */
  readonly metrics: "none" | "emf";
  /** Whether incidents are sent as traces; the exporter reads the address itself. */
  readonly traces: boolean;
  /** Senders of alarms over HTTP, beside those with an HTTP token. */
  readonly webhooks: {
    readonly tokens: readonly HttpToken[];
    readonly snsTopics: readonly string[];
    readonly grafanaSecret: string | undefined;
  };
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables in addition to the environment. */
export interface Layers {
  /** The environment overrides them. */
  readonly defaults?: Variables;
  /** They override the environment. */
  readonly overrides?: Variables;
}

/** Parses the text of a policy file. Injected, since the YAML parser is large and Lambda does not need it. */
export type PolicyReader = (text: string) => PolicyResult;

/**
 * Reads the configuration. Lists every problem at once, each with the variable's name; values are never repeated,
 * since some are secrets.
 */
export function readConfigWith(readPolicy: PolicyReader, layers: Layers = {}): ConfigResult {
  const given: Variables = { ...layers.defaults, ...process.env, ...layers.overrides };
  const set = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(set);
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  problems.push(...halfConfigured(set));
  const policy = readPolicyFile(set["OPSAGENT_POLICY"], readPolicy);
  if (!policy.ok) problems.push(...policy.problems);
  if (!parsed.success || !policy.ok || problems.length > 0) return { ok: false, problems };
  const env = parsed.data;
  const { path, table } = storeAddress.exec(env.OPSAGENT_STORE)?.groups ?? {};
  const { SLACK_BOT_TOKEN: token, SLACK_CHANNEL: channel, SLACK_API_URL: apiUrl } = env;
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
      policyFile: env.OPSAGENT_POLICY,
      store: Object.freeze(
        table === undefined ? { kind: "sqlite", path: path ?? "" } : { kind: "dynamodb", table },
      ),
      storePath: path ?? `.opsagent/${table}`,
      auditKey: Object.freeze(auditKeyOf(env.OPSAGENT_AUDIT_KEY, path)),
      aws: Object.freeze({ region: env.AWS_REGION, endpoint: env.AWS_ENDPOINT_URL }),
      cluster: env.ECS_CLUSTER,
      logGroupPrefix: env.LOG_GROUP_PREFIX,
      slackWebhookUrl: env.SLACK_WEBHOOK_URL,
      slackApp:
        token === undefined || channel === undefined ? undefined : Object.freeze({ token, channel, apiUrl }),
      slackSigningSecret: env.SLACK_SIGNING_SECRET,
      publicUrl: env.OPSAGENT_PUBLIC_URL,
      webhook:
        env.OPSAGENT_WEBHOOK_URL === undefined || env.OPSAGENT_WEBHOOK_SECRET === undefined
          ? undefined
          : Object.freeze({ url: env.OPSAGENT_WEBHOOK_URL, secret: env.OPSAGENT_WEBHOOK_SECRET }),
      pagerDuty:
        env.PAGERDUTY_ROUTING_KEY === undefined
          ? undefined
          : Object.freeze({
              routingKey: env.PAGERDUTY_ROUTING_KEY,
              url: env.PAGERDUTY_EVENTS_URL,
              minSeverity: env.PAGERDUTY_MIN_SEVERITY,
            }),
      operatorsTopic: env.OPSAGENT_OPERATORS_TOPIC,
      httpTokens: Object.freeze(env.OPSAGENT_HTTP_TOKENS.map((entry) => Object.freeze(entry))),
      metrics: env.OPSAGENT_METRICS,
      traces: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
      webhooks: Object.freeze({
        tokens: Object.freeze(env.OPSAGENT_WEBHOOK_TOKENS.map((entry) => Object.freeze(entry))),
        snsTopics: Object.freeze(env.OPSAGENT_SNS_TOPICS),
        grafanaSecret: env.OPSAGENT_GRAFANA_SECRET,
      }),
    }),
  };
}

function auditKeyOf(value: string | undefined, storePath: string | undefined): AuditKeyAddress {
  const { path, id } = auditKeyAddress.exec(value ?? "")?.groups ?? {};
  if (id !== undefined) return { kind: "kms", id };
  if (path !== undefined) return { kind: "file", path };
  const local = value === undefined && storePath !== undefined && storePath !== ":memory:";
  return local ? { kind: "file", path: `${storePath}-audit-key` } : { kind: "none" };
}

/** A token without a channel, or an address without a secret, would silently notify nobody. */
function halfConfigured(set: Variables): string[] {
  const pairs = [
    ["SLACK_BOT_TOKEN", "SLACK_CHANNEL", "the Slack app"],
    ["OPSAGENT_WEBHOOK_URL", "OPSAGENT_WEBHOOK_SECRET", "the webhook"],
  ] as const;
  return pairs.flatMap(([one, other, what]) => {
    if ((set[one] === undefined) === (set[other] === undefined)) return [];
    const [given, missing] = set[one] === undefined ? [other, one] : [one, other];
    return [`${missing}: is needed where ${given} is set; unset both to do without ${what}`];
  });
}

function readPolicyFile(
  path: string | undefined,
  readPolicy: PolicyReader,
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
    problems: result.problems.map((problem) => problemText(path, problem)),
  };
}
