/**
 * Measures the time from alarm to action call with the rules and the sandbox: a real hung task, the alarm that
 * CloudWatch sent, and StopTask refused by a fault rule so that the same fault can be handled repeatedly.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { LedgerEntry, ScenarioFacts } from "../drill/facts.ts";
import { DRILL_POLICY } from "../drill/policy.ts";
import { startReceivers } from "../drill/receivers.ts";
import { startSandbox } from "../drill/sandbox-process.ts";
import { createJsonLog } from "../src/adapters/json-log/json-log.ts";
import { usableConfig } from "../src/interfaces/cli/terminal.ts";
import { compose } from "../src/wiring/compose.ts";
import { readConfig } from "../src/wiring/read-config.ts";

const ROUNDS = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(tmpdir(), "opsagent-bench-"));
const sandbox = await startSandbox();
let alarm: unknown;
const receivers = await startReceivers((event) => {
  if (JSON.stringify(event).includes('\\"NewStateValue\\":\\"ALARM\\"')) alarm = event;
});
try {
  const facts = await sandbox.control<ScenarioFacts>("POST", "/scenarios/unhealthy-task/start");
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:bench";
  await sandbox.control("POST", "/functions", { arn, url: receivers.invokeUrl });
  const refusal = {
    operation: "StopTask",
    error: { code: "AccessDeniedException", message: "for the benchmark" },
  };
  await sandbox.control("POST", "/fault-rules", refusal);
  await sandbox.control("POST", "/inject");
  while (alarm === undefined) await sleep(100);

  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) times.push(await handleOnce(facts.cluster, round));
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  console.log(`alarm received -> StopTask called, ${ROUNDS} times (bar: 3000 ms at p95)`);
  console.log(`  median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${times.at(-1)} ms`);
} finally {
  await receivers.close();
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
}

/** Handles the alarm with its own store; returns milliseconds until the sandbox received the call. */
async function handleOnce(cluster: string, round: number): Promise<number> {
  const policy = join(folder, "policy.yaml");
  writeFileSync(policy, DRILL_POLICY);
  process.env["AWS_ACCESS_KEY_ID"] = "bench";
  process.env["AWS_SECRET_ACCESS_KEY"] = "bench";
  const overrides = {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    ECS_CLUSTER: cluster,
    OPSAGENT_POLICY: policy,
    OPSAGENT_DIAGNOSER: "rules",
    OPSAGENT_STORE: `sqlite:${join(folder, `${round}.db`)}`,
    SLACK_WEBHOOK_URL: receivers.slackUrl,
  };
  const agent = compose(usableConfig(readConfig({ overrides })), { logger: createJsonLog(() => undefined) });
  const received = Date.now();
  await agent.handle(alarm);
  const calls = (await sandbox.control<LedgerEntry[]>("GET", "/ledger")).filter(
    (call) => call.operation === "StopTask",
  );
  await agent.stop();
  const last = calls.at(-1);
  if (last === undefined || calls.length !== round + 1)
    throw new Error("StopTask was not called once a round.");
  return new Date(last.at).getTime() - received;
}
