import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { type CliRun, startCli } from "../support/cli-process.ts";
import { listeningPort } from "../support/listening-port.ts";

const SECRET = "alerts-secret-of-at-least-24";
let folder: string;
let run: CliRun | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shutdown-"));
});
afterEach(() => {
  run?.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const alert = (name: string) =>
  JSON.stringify({
    version: "4",
    alerts: [
      {
        status: "firing",
        labels: { alertname: name },
        startsAt: new Date().toISOString(),
        fingerprint: name,
      },
    ],
  });

it("a SIGTERM in the middle of the intake loses nothing that was answered with 202", async () => {
  const variables = {
    OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}`,
    OPSAGENT_WEBHOOK_TOKENS: `alerts:${SECRET}`,
  };
  run = startCli(["serve", "--port", "0"], { cwd: folder, variables });
  const url = `http://127.0.0.1:${await listeningPort(run)}`;
  const ready = await fetch(`${url}/ready`);
  const accepted: string[] = [];
  const send = async (name: string) => {
    const headers = { authorization: `Bearer ${SECRET}` };
    const request = fetch(`${url}/webhooks/alertmanager`, { method: "POST", headers, body: alert(name) });
    const answer = await request.catch(() => undefined);
    if (answer?.status !== 202) return;
    accepted.push(...((await answer.json()) as { incidents: string[] }).incidents);
  };

  const first = Array.from({ length: 6 }, (_, at) => send(`alert-${at}`));
  await Promise.race(first);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const second = Array.from({ length: 6 }, (_, at) => send(`late-${at}`));
  run.process.kill("SIGTERM");
  await Promise.all([...first, ...second]);
  const stopped = await run.result;
  const resumed = await startCli(["continue", "--json"], { cwd: folder, variables }).result;

  expect(ready.status).toBe(200);
  expect(metrics).toMatch(
    /opsagent_webhook_requests_total\{webhook="alertmanager",result="accepted"\} [1-9]/,
  );
  expect(stopped.exit).toBe(0);
  expect([0, 3]).toContain(resumed.exit);
  expect(accepted.length).toBeGreaterThan(0);
  const store = createSqliteStore(join(folder, "opsagent.db"));
  const records = await Promise.all(accepted.map((id) => store.get(id)));
  store.close();
  expect(records.map((record) => record?.status)).toEqual(accepted.map(() => "escalated"));
});
