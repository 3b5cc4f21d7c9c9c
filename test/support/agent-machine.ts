/** A machine for tests: an agent in a process of its own, the small AWS world, a local Slack, a folder with its store. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { ClosableStore } from "../../src/wiring/open-store.ts";
import { ACTING_LINE } from "../samples/acting-policy.ts";
import type { Order, Reply } from "./agent-process.ts";
import { type AwsWorld, CLUSTER, startAwsWorld } from "./aws-world.ts";
import type { Sickness } from "./aws-world-metrics.ts";
import { childEnvironment } from "./child-environment.ts";
import { type LocalSlack, type SlackAnswer, startLocalSlack } from "./local-slack.ts";

export interface MachineOptions {
  readonly sickness?: Sickness;
  /** YAML below the short times of {@link TIMING}: further lines of `timing:`. */
  readonly timing?: Readonly<Record<string, number>>;
  /** Further top-level YAML of the policy, which acts unless this says otherwise. */
  readonly policy?: string;
  readonly slack?: readonly SlackAnswer[];
  readonly variables?: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly aws: AwsWorld;
  readonly slack: LocalSlack;
  readonly folder: string;
  readonly storePath: string;
  /** The environment of any process of this machine. */
  readonly variables: Readonly<Record<string, string>>;
  /** The store, as another process of the machine sees it. */
  store(): ClosableStore;
  /** Starts the agent's process, from another checkout if one is given. */
  start(checkout?: string): Promise<AgentProcess>;
  close(): Promise<void>;
}

export interface AgentProcess {
  handle(event: unknown): Promise<Incident[]>;
  accept(event: unknown): Promise<{ readonly incidents: readonly string[] }>;
  finish(incident: Incident): Promise<Incident>;
  /** Goes on with what an earlier process left unfinished. Returns how many. */
  resume(): Promise<number>;
  shift(by: number): Promise<void>;
  approve(incidentId: string, planHash: string): Promise<{ readonly outcome: string }>;
  /** What it logged so far. */
  log(): string;
  kill(): void;
}

const TIMING = {
  metricPeriodSeconds: 1,
  metricWindowMinutes: 5,
  sourceTimeoutSeconds: 20,
  pollSeconds: 1,
  replacementTimeoutSeconds: 5,
  verifyIntervalSeconds: 1,
  verifyTimeoutSeconds: 12,
  holdChecks: 1,
};

/** Starts everything but the agent. */
export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-machine-"));
  const aws = await startAwsWorld(options.sickness ?? "leak");
  const slack = await startLocalSlack(...(options.slack ?? []));
  const storePath = join(folder, "opsagent.db");
  const times = Object.entries({ ...TIMING, ...options.timing }).map(
    ([name, value]) => `  ${name}: ${value}`,
  );
  const policy = join(folder, "policy.yaml");
  const modes = options.policy?.includes("modes:") ? "" : ACTING_LINE;
  writeFileSync(policy, ["version: 1", modes, "timing:", ...times, options.policy ?? "", ""].join("\n"));
  const variables = {
    ...childEnvironment(),
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: aws.endpoint,
    ECS_CLUSTER: CLUSTER,
    OPSAGENT_DIAGNOSER: "rules",
    OPSAGENT_POLICY: policy,
    OPSAGENT_STORE: `sqlite:${storePath}`,
    SLACK_WEBHOOK_URL: slack.url,
    ...options.variables,
  };
  const agents: AgentProcess[] = [];
  return {
    aws,
    slack,
    folder,
    storePath,
    variables,
    store: () => createSqliteStore(storePath),
    start: async (checkout = join(import.meta.dirname, "../..")) => {
      const agent = await startAgentProcess(checkout, folder, variables);
      agents.push(agent);
      return agent;
    },
    close: async () => {
      for (const agent of agents) agent.kill();
      await Promise.all([aws.close(), slack.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startAgentProcess(
  checkout: string,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<AgentProcess> {
  const program = join(checkout, "test/support/agent-process.ts");
  const child = spawn(process.execPath, [program], { cwd: folder, env: variables });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const expectReply = (id: number) => {
    const pending = Promise.withResolvers<unknown>();
    waiting.set(id, pending);
    return pending.promise;
  };
  const ready = expectReply(0);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, value, error }: Reply = JSON.parse(line);
    if (error === undefined) waiting.get(id)?.resolve(value);
    else waiting.get(id)?.reject(Object.assign(new Error(error.message), { remedy: error.remedy }));
  });
  once(child, "exit").then(([code, signal]) => {
    // Those that were answered are settled already.
    for (const { reject } of waiting.values()) reject(new Error(`It ended with ${code ?? signal}: ${log}`));
  });
  let last = 0;
  type Wish = Order extends infer One ? (One extends Order ? Omit<One, "id"> : never) : never;
  const ask = <T>(wish: Wish): Promise<T> => {
    last += 1;
    const reply = expectReply(last);
    child.stdin.write(`${JSON.stringify({ ...wish, id: last })}\n`);
    return reply as Promise<T>;
  };
  await ready;
  return {
    handle: (event) => ask({ what: "handle", event }),
    accept: (event) => ask({ what: "accept", event }),
    finish: (incident) => ask({ what: "finish", incident }),
    resume: () => ask({ what: "resume" }),
    shift: (by) => ask({ what: "shift", by }),
    approve: (incidentId, planHash) => ask({ what: "approve", incidentId, planHash }),
    log: () => log,
    kill: () => void child.kill("SIGKILL"),
  };
}
