import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CliRun, runCliProcess, startCli } from "../support/cli-process.ts";

/** `opsagent serve` as a process: a secret speaks about what the policy's `senders` binds it to, and nothing else. */

const SECRETS = {
  bound: "bound-secret-of-at-least-24-x",
  clustered: "clustered-secret-of-24-and-more",
  old: "old-secret-of-at-least-24-xyz",
  pager: "pager-secret-of-at-least-24-x",
};
const POLICY = `
senders:
  bound: { webhook: alertmanager, services: [shop] }
  clustered: { clusters: [staging] }
  pager: { services: [shop] }
  nobody: { services: [shop] }
`;

let folder: string;
let run: CliRun;
let url: string;
let log = "";
const variables = () => ({
  OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}`,
  OPSAGENT_POLICY: join(folder, "policy.yaml"),
  OPSAGENT_WEBHOOK_TOKENS: `bound:${SECRETS.bound},clustered:${SECRETS.clustered},old:${SECRETS.old}`,
  OPSAGENT_HTTP_TOKENS: `pager:${SECRETS.pager}`,
  OPSAGENT_DIAGNOSER: "rules",
  ECS_CLUSTER: "production",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "scopes-"));
  writeFileSync(join(folder, "policy.yaml"), POLICY);
  run = startCli(["serve", "--port", "0"], { cwd: folder, variables: variables() });
  run.process.stderr?.on("data", (part) => {
    log += String(part);
  });
  while (!/"port":\d+/.test(log) && run.process.exitCode === null) await sleep(20);
  url = `http://127.0.0.1:${/"port":(\d+)/.exec(log)?.[1]}`;
});
afterAll(() => {
  run.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
const alert = (service: string | undefined, name = `alarm-${++count}`) => ({
  status: "firing",
  labels: { alertname: name, ...(service === undefined ? {} : { ecs_service: service }) },
  startsAt: new Date().toISOString(),
  fingerprint: name,
});
async function post(
  path: string,
  sender: keyof typeof SECRETS,
  alerts: readonly object[],
  more: object = {},
) {
  const answer = await fetch(`${url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${SECRETS[sender]}` },
    body: JSON.stringify({ version: "4", alerts, ...more }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}
const metric = async () =>
  (await (await fetch(`${url}/metrics`)).text())
    .split("\n")
    .filter((line) => line.includes('result="out-of-scope"'));

describe("a bound secret", () => {
  it("opens an incident about its own service", async () => {
    const { status, body } = await post("/webhooks/alertmanager", "bound", [alert("shop")]);

    expect(status).toBe(202);
    expect(body["incidents"]).toHaveLength(1);
    expect(body).not.toHaveProperty("outOfScope");
  });

  it("is told 403 about another service, which is logged without the secret and counted", async () => {
    const { status, body } = await post("/webhooks/alertmanager", "bound", [alert("payments")]);

    expect(status).toBe(403);
    expect(body).toMatchObject({ code: "out-of-scope", remedy: expect.stringContaining("senders") });
    await expect.poll(() => log).toContain('"alert-out-of-scope"');
    expect(log).not.toContain(SECRETS.bound);
    expect(await metric()).toEqual([
      'opsagent_webhook_requests_total{webhook="alertmanager",result="out-of-scope"} 1',
    ]);
  });

  it("has its own alert taken beside one of another service", async () => {
    const { status, body } = await post("/webhooks/alertmanager", "bound", [
      alert("shop"),
      alert("payments"),
      alert("payments"),
    ]);

    expect(status).toBe(202);
    expect(body["incidents"]).toHaveLength(1);
    expect(body["outOfScope"]).toBe(2);
  });

  it("may say what is about no service, so that people are told", async () => {
    expect((await post("/webhooks/alertmanager", "bound", [alert(undefined)])).status).toBe(202);
  });

  it("opens no other webhook", async () => {
    expect((await post("/webhooks/grafana", "bound", [alert("shop")], { orgId: 1 })).status).toBe(403);
  });

  it("is bound to its clusters, and in every form", async () => {
    expect((await post("/webhooks/alertmanager", "clustered", [alert("shop")])).status).toBe(403);
    expect((await post("/events", "pager", [alert("payments")])).status).toBe(403);
    expect((await post("/events", "pager", [alert("shop")])).status).toBe(202);
  });
});

describe("a secret from before there were scopes", () => {
  it("keeps working for every service", async () => {
    expect((await post("/webhooks/alertmanager", "old", [alert("payments")])).status).toBe(202);
  });

  it("is a warning of doctor, as a name that is bound in vain is", async () => {
    const { stdout, exit } = await runCliProcess(["doctor", "--only", "senders", "--json"], {
      cwd: folder,
      variables: variables(),
    });
    const { results } = JSON.parse(stdout) as { results: { status: string; subject: string }[] };

    expect(exit).toBe(0);
    expect(results.map(({ status, subject }) => `${status} ${subject}`)).toEqual([
      "warning clustered",
      "warning old",
      "warning nobody",
    ]);
    expect(stdout).not.toContain(SECRETS.old);
  });
});
