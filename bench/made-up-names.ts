/**
 * Names that no service has, all at once, and then one genuine alarm: `node bench/made-up-names.ts [NAMES]`. How long the
 * genuine one waits for its action, and what the others cost. AWS, the model and Slack are local and answer at once; AWS
 * after 20 ms.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compose } from "../src/wiring/compose.ts";
import { readConfig } from "../src/wiring/read-config.ts";
import { delayed, json } from "../test/support/aws-stub-answers.ts";
import { fleetAlarmEvent, startLeakingFleet } from "../test/support/leaking-fleet.ts";
import { startLocalSlack } from "../test/support/local-slack.ts";
import { startModelServer } from "../test/support/model-server.ts";

const [names = 600] = process.argv.slice(2).map(Number);
const GENUINE = "service-000";
const LONGEST_MS = 120_000;
const READS = [
  "DescribeServices",
  "ListTasks",
  "DescribeAlarms",
  "DescribeAlarmHistory",
  "GetMetricData",
  "FilterLogEvents",
];

const folder = mkdtempSync(join(tmpdir(), "opsagent-made-up-"));
const [fleet, slack, model] = [
  await startLeakingFleet([`${GENUINE}-memory-0`]),
  await startLocalSlack(),
  await startModelServer({ kind: "respond", status: 402, headers: {}, body: "{}" }),
];
const { stub } = fleet;
const exists = (name: string) => !name.startsWith("made-up");
const whole = (await describe(GENUINE)) as { services: Record<string, unknown>[] };
stub.on("DescribeServices", ({ services }) => {
  const asked = services as string[];
  return delayed(
    20,
    json({
      services: asked.filter(exists).map((serviceName) => ({ ...whole.services[0], serviceName })),
      failures: asked
        .filter((name) => !exists(name))
        .map((name) => ({
          arn: `arn:aws:ecs:us-east-1:000000000000:service/test/${name}`,
          reason: "MISSING",
        })),
    }),
  );
});

async function describe(service: string): Promise<unknown> {
  const answer = await fetch(stub.endpoint, {
    method: "POST",
    headers: { "x-amz-target": "AmazonEC2ContainerServiceV20141113.DescribeServices" },
    body: JSON.stringify({ services: [service] }),
  });
  return answer.json();
}

const store = join(folder, "opsagent.db");
const policy = join(folder, "policy.yaml");
writeFileSync(
  policy,
  "version: 1\nmodes: { restart: auto, scale: auto, rollback: approve }\ntiming: { metricPeriodSeconds: 1, metricWindowMinutes: 3 }\napprovals: { cliUsers: [] }\n",
);
Object.assign(process.env, {
  AWS_ACCESS_KEY_ID: "test",
  AWS_SECRET_ACCESS_KEY: "test",
  AWS_REGION: "us-east-1",
  AWS_ENDPOINT_URL: stub.endpoint,
  OPENROUTER_API_KEY: "test",
  OPENROUTER_BASE_URL: model.url,
  OPSAGENT_STORE: `sqlite:${store}`,
  OPSAGENT_POLICY: policy,
  SLACK_WEBHOOK_URL: slack.url,
});
const config = readConfig();
if (!config.ok) throw new Error(config.problems.join("; "));
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const agent = compose(config.config, { logger: silent });
const before = READS.reduce((sum, name) => sum + stub.calls(name).length, 0);
const began = performance.now();
const others = Array.from({ length: names }, (_, index) =>
  agent.accept(fleetAlarmEvent(`made-up-${index}`, 0)),
);
const genuineAt = performance.now();
await agent.accept(fleetAlarmEvent(GENUINE, 0));
const accepted = performance.now() - genuineAt;
while (fleet.stopped().length === 0 && performance.now() - began < LONGEST_MS) await sleep(5);
const acted = performance.now() - genuineAt;
await Promise.allSettled(others);
while ((await agent.store.open()).length > 1 && performance.now() - began < LONGEST_MS) await sleep(100);
const reads = READS.reduce((sum, name) => sum + stub.calls(name).length, 0) - before;
const made = (await agent.store.list({ limit: 100_000 })).filter(
  ({ alert }) => alert.target?.service !== GENUINE,
);
const kilobytes = made
  .map((incident) => JSON.stringify(incident).length / 1_024)
  .sort((one, other) => one - other);
console.log(`names that no service has   ${names}
genuine accepted after      ${(accepted / 1_000).toFixed(1)} s
genuine action after        ${(acted / 1_000).toFixed(1)} s
reads of AWS                ${reads}
model calls                 ${model.requests.length}
Slack messages              ${slack.messages.length}
record of one               ${kilobytes[Math.floor(kilobytes.length / 2)]?.toFixed(1)} KB (median)
store                       ${(statSync(store).size / 1_048_576).toFixed(1)} MB`);
await agent.stop();
await Promise.all([stub.close(), slack.close(), model.close()]);
rmSync(folder, { recursive: true, force: true });
process.exit(0);
