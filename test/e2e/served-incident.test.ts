/** The whole way over HTTP: an event comes in, a person is asked, the server dies, and what was approved is done once. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Approval } from "../../src/domain/approval.ts";
import { Incident } from "../../src/domain/incident/incident.ts";
import { type CliRun, runCliProcess, startCli } from "../support/cli-process.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  startLeakingService,
} from "../support/leaking-service.ts";
import { type LocalSlack, startLocalSlack } from "../support/local-slack.ts";

const SECRET = "a-secret-of-at-least-24-characters";

let folder: string;
let service: LeakingService;
let slack: LocalSlack;
const servers: CliRun[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "served-"));
  writeFileSync(join(folder, "policy.yaml"), `${FAST_POLICY}approvals:\n  httpClients: [pager]\n`);
  service = await startLeakingService("shop");
  slack = await startLocalSlack();
});

afterEach(async () => {
  for (const { process } of servers.splice(0)) process.kill("SIGKILL");
  await Promise.all([service.stub.close(), slack.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const variables = () => ({
  AWS_ENDPOINT_URL: service.stub.endpoint,
  ECS_CLUSTER: "test",
  OPSAGENT_POLICY: "policy.yaml",
  OPSAGENT_MODE: "approve",
  OPSAGENT_DIAGNOSER: "rules",
  OPSAGENT_STORE: "sqlite:opsagent.db",
  OPSAGENT_HTTP_TOKENS: `pager:${SECRET}`,
  SLACK_WEBHOOK_URL: slack.url,
});

async function serve(): Promise<{ run: CliRun; url: string }> {
  const run = startCli(["serve", "--port", "0"], { cwd: folder, variables: variables() });
  servers.push(run);
  let said = "";
  for await (const chunk of run.process.stderr ?? []) {
    said += String(chunk);
    const port = /"port":(\d+)/.exec(said)?.[1];
    if (port !== undefined) return { run, url: `http://127.0.0.1:${port}` };
  }
  throw new Error(`It did not listen: ${said}`);
}

const call = async (url: string, body?: string) => {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${SECRET}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) };
};

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
}

/** True once the incident sleeps until it is answered: who dies before that puts the question again. */
function sleeps(): boolean {
  const database = new DatabaseSync(join(folder, "opsagent.db-executions"), { readOnly: true });
  try {
    return database
      .prepare("SELECT suspended FROM executions")
      .all()
      .every((row) => row["suspended"] === 1);
  } finally {
    database.close();
  }
}

it("is asked, approved and mended, and a kill of the server in between loses and repeats nothing", async () => {
  const first = await serve();

  const accepted = await call(`${first.url}/events`, JSON.stringify(memoryAlarmEvent("shop")));
  const id: string = accepted.body.incidents[0];
  const question = await until(async (): Promise<Approval | undefined> => {
    const { body } = await call(`${first.url}/incidents/${id}/approval`);
    return body.approvals?.[0];
  });
  await until(async () => sleeps() || undefined);
  first.run.process.kill("SIGKILL");
  await once(first.run.process, "exit");
  const second = await serve();
  const again = await call(`${second.url}/events`, JSON.stringify(memoryAlarmEvent("shop")));
  const approve = () =>
    call(`${second.url}/incidents/${id}/approve`, JSON.stringify({ planHash: question.planHash }));
  const answers = [await approve(), await approve()];
  const incident = await until(async () => {
    const { stdout } = await runCliProcess(["show", id, "--json"], { cwd: folder, variables: variables() });
    const shown = Incident.parse(JSON.parse(stdout));
    return shown.closedAt === undefined ? undefined : shown;
  });
  const trail = await runCliProcess(["audit", "verify"], { cwd: folder, variables: variables() });

  expect(accepted.status).toBe(202);
  expect(again.body.incidents).toEqual([id]);
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
  expect(incident).toMatchObject({
    status: "resolved",
    approval: { answer: { verdict: "approved", by: { channel: "http", id: "pager" } } },
  });
  expect(service.stoppedTasks()).toEqual(["leaky"]);
  expect(slack.messages.filter(({ text }) => text.includes("Approval needed"))).toHaveLength(1);
  expect(slack.messages.filter(({ text }) => text.includes("✅ Resolved"))).toHaveLength(1);
  expect(trail.exit).toBe(0);
}, 120_000);
