/**
 * Wall time of collecting the evidence of one incident: `node bench/evidence.ts [rounds]`. With the stub, which
 * answers at once (the time of our own code), and with the sandbox and a running service.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { quantile } from "simple-statistics";
import type { ScenarioFacts } from "../drill/facts.ts";
import { startSandbox } from "../drill/sandbox-process.ts";
import { gather, useStubCredentials } from "../evals/recorded/gather.ts";
import { developmentCases } from "../evals/scenarios/development/index.ts";
import { createAwsAdapters } from "../src/adapters/aws/index.ts";
import type { Alert } from "../src/domain/alert.ts";
import { Policy } from "../src/domain/policy.ts";
import { collectEvidence } from "../src/evidence/collect-evidence.ts";

const ROUNDS = Number(process.argv[2] ?? 20);
useStubCredentials();

async function measure(
  name: string,
  once: () => Promise<{ facts: readonly unknown[]; gaps: readonly unknown[] }>,
) {
  await once(); // Loading modules and connecting is not measured.
  const times: number[] = [];
  let told = "";
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now();
    const { facts, gaps } = await once();
    times.push(performance.now() - began);
    told = `${facts.length} facts, ${gaps.length} gaps`;
  }
  const at = (share: number) => quantile(times, share).toFixed(0);
  console.log(`${name.padEnd(52)} median ${at(0.5)} ms, p95 ${at(0.95)} ms (${told}, ${ROUNDS} rounds)`);
}

const recorded = developmentCases[0];
if (recorded === undefined) throw new Error("There is no recorded case.");
await measure(
  "against the stub, with its start (a recorded case)",
  async () => (await gather(recorded)).evidence,
);

const sandbox = await startSandbox();
try {
  const facts = await sandbox.control<ScenarioFacts>("POST", "/scenarios/unhealthy-task/start");
  await sleep(facts.readyAfterSeconds * 1000);
  const readers = createAwsAdapters({ region: "us-east-1", endpoint: sandbox.endpoint });
  const now = new Date().toISOString();
  const target = { cluster: facts.cluster, service: facts.service };
  const alert: Alert = {
    key: "bench",
    source: "simple-sns",
    state: "ALARM",
    firedAt: now,
    receivedAt: now,
    title: facts.alarmName,
    target,
    reported: { metric: "MemoryUtilization", value: 90, threshold: 80 },
  };
  const { timing } = Policy.parse({ timing: { metricPeriodSeconds: 5, metricWindowMinutes: 10 } });
  await measure("against the sandbox", () =>
    collectEvidence({ alert, target, timing, logGroupPrefix: "/ecs/", now: Date.now(), readers }),
  );
} finally {
  await sandbox.stop();
}
