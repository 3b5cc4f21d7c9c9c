/** The agent behind its public door in mode `auto`, over the recorded AWS of one trial, at the time of its recording. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { compose } from "../../src/wiring/compose.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import type { Trial } from "../samples/triggers/trial.ts";
import { json } from "./aws-stub-answers.ts";
import { startAwsStub } from "./aws-stub-server.ts";

const CHANGES = [
  "StopTask",
  "UpdateService",
  "StopServiceDeployment",
  "RunTask",
  "RegisterTaskDefinition",
] as const;

export interface TrialResult {
  /** Calls that change something, as AWS names them, in the order of {@link CHANGES}. */
  readonly changes: readonly string[];
  readonly incidents: readonly Incident[];
}

/** Milliseconds that an incident may take: enough to act, too short to wait for a metric's next periods. */
const DEADLINE_MS = 15_000;

/** Handles the trial's event until its incidents are closed. */
export async function runTrial({ event, world, alarms }: Trial): Promise<TrialResult> {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-trial-"));
  const stub = await startAwsStub();
  for (const [operation, handler] of Object.entries(world.handlers)) stub.on(operation, handler);
  stub.on("StopTask", json({ task: {} }));
  stub.on("UpdateService", json({ service: {} }));
  const shown = shiftClock(world.now);
  try {
    const policy = join(folder, "policy.yaml");
    writeFileSync(policy, policyText(alarms));
    const config = readConfig({
      overrides: {
        OPSAGENT_DIAGNOSER: "rules",
        OPSAGENT_MODE: "auto",
        OPSAGENT_POLICY: policy,
        OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}`,
        AWS_REGION: "eu-west-1",
        AWS_ENDPOINT_URL: stub.endpoint,
        ECS_CLUSTER: world.cluster,
        OPENROUTER_API_KEY: undefined,
        SLACK_WEBHOOK_URL: undefined,
      },
    });
    if (!config.ok) throw new Error(config.problems.join("; "));
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const agent = compose(config.config, { logger: silent, hurried: true });
    const deadline = new Date(Date.now() + DEADLINE_MS).toISOString();
    const incidents = await agent.handle(event, deadline);
    await agent.stop();
    return { incidents, changes: CHANGES.flatMap((name) => stub.calls(name).map(() => name)) };
  } finally {
    shown.restore();
    await stub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets the clock show the time of the recording, and go on from there. */
function shiftClock(start: number): { restore(): void } {
  const Real = Date;
  const offset = start - Real.now();
  class Shifted extends Real {
    constructor(...given: unknown[]) {
      if (given.length === 0) super(Real.now() + offset);
      else super(...(given as [number]));
    }

    static override now(): number {
      return Real.now() + offset;
    }
  }
  vi.stubGlobal("Date", Shifted);
  return { restore: () => vi.unstubAllGlobals() };
}

function policyText(alarms: Trial["alarms"]): string {
  return [
    "version: 1",
    "modes: { restart: auto, scale: auto, rollback: auto }",
    "timing:",
    "  pollSeconds: 1",
    "  replacementTimeoutSeconds: 1",
    "  verifyIntervalSeconds: 1",
    "  verifyTimeoutSeconds: 1",
    "  holdChecks: 1",
    "  settleSeconds: 0",
    "alarms:",
    ...alarms.map((rule) => `  - ${JSON.stringify(rule)}`),
    "",
  ].join("\n");
}
