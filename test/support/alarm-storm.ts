/** An alarm storm over many services into one agent, and what became of every single alarm. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { readEvent } from "../../src/ingestion/read-event.ts";
import { childEnvironment } from "./child-environment.ts";
import { startLeakingFleet, stormEvent } from "./leaking-fleet.ts";
import { startLocalSlack } from "./local-slack.ts";
import type { StormReport } from "./storm-process.ts";

export interface StormOptions {
  readonly services: number;
  readonly alarms: number;
  /** All alarms come within so many seconds, evenly; 0: at once. */
  readonly seconds: number;
  /** YAML, with short times. */
  readonly policy: string;
  /** Arguments of the agent's process, such as a profiler's. */
  readonly nodeArguments?: readonly string[];
}

export interface Storm extends StormReport {
  readonly incidents: readonly Incident[];
  /** Alarms that an incident knows of which was not opened for them. */
  readonly joined: number;
  /** Keys of alarms that no incident knows of. */
  readonly lost: readonly string[];
  /** Services that were acted on, one entry for each call that changes something. */
  readonly acted: readonly string[];
  readonly mutations: number;
  readonly slackMessages: number;
}

/** Runs the storm in a process of its own until every incident has ended. */
export async function runStorm(options: StormOptions): Promise<Storm> {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-storm-"));
  const fleet = await startLeakingFleet();
  const slack = await startLocalSlack();
  const storePath = join(folder, "opsagent.db");
  const policy = join(folder, "policy.yaml");
  writeFileSync(policy, options.policy);
  const firedAt = Date.now();
  try {
    const report = await runAgent(options, firedAt, folder, {
      OPSAGENT_STORE: `sqlite:${storePath}`,
      OPSAGENT_POLICY: policy,
      AWS_ENDPOINT_URL: fleet.stub.endpoint,
      SLACK_WEBHOOK_URL: slack.url,
    });
    const kept = await readStore(storePath);
    const lost = keysOf(options, firedAt).filter((key) => !kept.keys.has(key));
    return {
      ...report,
      incidents: kept.incidents,
      joined: kept.joined,
      lost,
      acted: fleet.stopped(),
      mutations: fleet.mutations(),
      slackMessages: slack.messages.length,
    };
  } finally {
    await Promise.all([fleet.stub.close(), slack.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runAgent(
  { services, alarms, seconds, nodeArguments = [] }: StormOptions,
  firedAt: number,
  folder: string,
  variables: Readonly<Record<string, string>>,
): Promise<StormReport> {
  const program = join(import.meta.dirname, "storm-process.ts");
  const child = spawn(
    process.execPath,
    [...nodeArguments, program, ...[services, alarms, seconds, firedAt].map(String)],
    {
      cwd: folder,
      env: {
        ...childEnvironment(),
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
        OPSAGENT_DIAGNOSER: "rules",
        ...variables,
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`The agent's process ended with ${code}.`);
  return JSON.parse(output) as StormReport;
}

async function readStore(path: string) {
  const store = createSqliteStore(path);
  try {
    const incidents = await store.list({ limit: Number.MAX_SAFE_INTEGER });
    const joined = (await Promise.all(incidents.map(({ id }) => store.joined(id)))).flat();
    const keys = new Set([...incidents.map(({ alert }) => alert.key), ...joined.map(({ key }) => key)]);
    return { incidents, joined: joined.length, keys };
  } finally {
    store.close();
  }
}

function keysOf({ services, alarms }: StormOptions, firedAt: number): string[] {
  const context = { receivedAt: new Date(firedAt).toISOString(), alarms: [] };
  return Array.from({ length: alarms }, (_, index) => {
    const [alert] = readEvent(stormEvent(index, services, firedAt), context).alerts;
    return alert?.key ?? `unreadable ${index}`;
  });
}
