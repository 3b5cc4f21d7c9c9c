/** The agent behind its public door, with the small AWS world, a local Slack and, if asked, a model server. */

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createJsonLog } from "../../src/adapters/json-log/json-log.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { compose, type OpsAgent } from "../../src/wiring/compose.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import { ACTING_LINE } from "../samples/acting-policy.ts";
import { type AwsWorld, CLUSTER, ENVIRONMENT_SECRET, startAwsWorld } from "./aws-world.ts";
import type { Sickness } from "./aws-world-metrics.ts";
import { type LocalSlack, type SlackAnswer, startLocalSlack } from "./local-slack.ts";
import { type ModelServer, type Scripted, startModelServer } from "./model-server.ts";

export const API_KEY = "sk-or-v1-0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const ACCESS_KEY_SECRET = "testSecretAccessKeyOfTheAgent0000000000";

export interface WorldOptions {
  readonly sickness?: Sickness;
  readonly slack?: readonly SlackAnswer[];
  /** The model server's script; without one the rules diagnose. */
  readonly model?: readonly Scripted[];
  /** Lines of `timing:` in the policy file, above the short defaults. */
  readonly timing?: Readonly<Record<string, number>>;
  /** Lines of `limits:` in the policy file. */
  readonly limits?: Readonly<Record<string, number>>;
  /** Keys of the policy file itself. */
  readonly policy?: Readonly<Record<string, string>>;
  /** Environment variables above those of the world; undefined takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface World {
  readonly aws: AwsWorld;
  readonly slack: LocalSlack;
  readonly model: ModelServer | undefined;
  /** The agent; composed at first use, so that a test can break the store before. */
  readonly agent: OpsAgent;
  readonly folder: string;
  readonly storePath: string;
  /** The environment under which a process of its own would run the agent. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Lines that the agent logged. */
  readonly log: readonly string[];
  /** The one incident of an event. */
  handleOne(event: unknown, deadline?: string): Promise<Incident>;
  /** Every byte that the agent left behind or told anybody. */
  traces(): string;
  /** The secrets that may be in none of them. */
  readonly secrets: readonly string[];
}

const TIMING = {
  metricPeriodSeconds: 1,
  metricWindowMinutes: 5,
  sourceTimeoutSeconds: 20,
  pollSeconds: 1,
  replacementTimeoutSeconds: 5,
  verifyIntervalSeconds: 1,
  verifyTimeoutSeconds: 15,
  holdChecks: 1,
  modelTimeoutSeconds: 20,
};

/** A test's body with a world around it, which is taken down afterwards. */
export function withWorld(options: WorldOptions, body: (world: World) => Promise<void>): () => Promise<void> {
  return async () => {
    const { world, close } = await startWorld(options);
    try {
      await body(world);
    } finally {
      await close();
    }
  };
}

async function startWorld(options: WorldOptions) {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-bad-input-"));
  const aws = await startAwsWorld(options.sickness ?? "leak");
  const slack = await startLocalSlack(...(options.slack ?? []));
  const model = options.model && (await startModelServer(...options.model));
  const log: string[] = [];
  const told: unknown[] = [];
  const storePath = join(folder, "store", "opsagent.db");
  const policyPath = join(folder, "policy.yaml");
  writeFileSync(policyPath, policyFile(options));
  const env = {
    OPENROUTER_API_KEY: model && API_KEY,
    OPENROUTER_BASE_URL: model?.url,
    LLM_MODEL: "test/model-1",
    OPSAGENT_DIAGNOSER: model ? "model" : "rules",
    OPSAGENT_MODE: undefined,
    OPSAGENT_POLICY: policyPath,
    OPSAGENT_STORE: `sqlite:${storePath}`,
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
    AWS_SECRET_ACCESS_KEY: ACCESS_KEY_SECRET,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    ECS_CLUSTER: CLUSTER,
    LOG_GROUP_PREFIX: undefined,
    SLACK_WEBHOOK_URL: slack.url,
    ...options.env,
  };
  useCredentials(env);
  let agent: OpsAgent | undefined;
  const started = (): OpsAgent => {
    const result = readConfig({ overrides: env });
    if (!result.ok) throw new Error(result.problems.join("; "));
    return compose(result.config, { logger: createJsonLog((line) => log.push(line)) });
  };

  const world: World = {
    aws,
    slack,
    model,
    get agent() {
      agent ??= started();
      return agent;
    },
    folder,
    storePath,
    env,
    log,
    handleOne: async (event, deadline) => {
      const incidents = await world.agent.handle(event, deadline);
      told.push(incidents);
      const [incident] = incidents;
      if (incident === undefined || incidents.length !== 1) {
        throw new Error(`One incident was expected, not ${incidents.length}.`);
      }
      return incident;
    },
    traces: () =>
      [JSON.stringify(told), JSON.stringify(slack.posts), ...log, ...filesBelow(join(folder, "store"))].join(
        "\n",
      ),
    secrets: [API_KEY, slack.secret, ACCESS_KEY_SECRET, ENVIRONMENT_SECRET],
  };
  const close = async () => {
    await agent?.stop();
    await Promise.all([aws.close(), slack.close(), model?.close()]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { world, close };
}

/** The vendor's client looks for its credentials in the process's environment only. */
function useCredentials(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_SESSION_TOKEN"]) {
    const value = env[name];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

function policyFile(options: WorldOptions): string {
  const own = Object.entries(options.policy ?? {}).map(([name, value]) => `${name}: ${value}`);
  const lines = (settings: Readonly<Record<string, number>>) =>
    Object.entries(settings).map(([name, value]) => `  ${name}: ${value}`);
  const limits = options.limits ? ["limits:", ...lines(options.limits)] : [];
  const timing = ["timing:", ...lines({ ...TIMING, ...options.timing })];
  // Nobody answers in these tests: what a person is asked expires.
  return [
    "version: 1",
    ACTING_LINE,
    ...own,
    ...timing,
    ...limits,
    "approvals:",
    "  deadlineMinutes: 0.02",
    "",
  ].join("\n");
}

/** The bytes of all files, as text that keeps each byte. */
function filesBelow(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}

/** Makes the folder of the store, for tests that put something into it before the agent starts. */
export function makeStoreFolder(world: World): string {
  const folder = join(world.folder, "store");
  mkdirSync(folder, { recursive: true });
  return folder;
}
