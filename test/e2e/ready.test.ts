/** `GET /ready` of a real server while its machine fails, and after it has recovered. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { type CliRun, startCli } from "../support/cli-process.ts";

const SECRET = "a-secret-of-at-least-24-characters";
const folder = mkdtempSync(join(tmpdir(), "ready-"));
const store = join(folder, "opsagent.db");
let run: CliRun;
let url: string;

beforeAll(async () => {
  run = startCli(["serve", "--port", "0"], {
    cwd: folder,
    variables: {
      OPSAGENT_STORE: `sqlite:${store}`,
      OPSAGENT_HTTP_TOKENS: `pager:${SECRET}`,
      OPSAGENT_DIAGNOSER: "rules",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
    },
  });
  let said = "";
  for await (const chunk of run.process.stderr ?? []) {
    said += String(chunk);
    const port = /"port":(\d+)/.exec(said)?.[1];
    if (port === undefined) continue;
    url = `http://127.0.0.1:${port}`;
    break;
  }
});
afterAll(() => {
  run.process.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const ready = async () => {
  const answer = await fetch(`${url}/ready`);
  return { status: answer.status, body: await answer.text() };
};
const isReady = () =>
  expect.poll(async () => (await ready()).status, { timeout: 20_000, interval: 300 }).toBe(200);
const says = async (words: RegExp) => {
  await expect.poll(async () => (await ready()).body, { timeout: 20_000, interval: 300 }).toMatch(words);
  const { status, body } = await ready();
  expect(status).toBe(503);
  expect(body).not.toContain(folder);
};
const limit = (what: string) =>
  spawnSync("prlimit", ["--pid", String(run.process.pid), what], { encoding: "utf8" });
const canLimit = spawnSync("prlimit", ["--version"]).status === 0;

const locked = (path: string) => {
  const database = new DatabaseSync(path, { timeout: 10_000 });
  database.exec("BEGIN IMMEDIATE");
  return database;
};

describe("ready", () => {
  it("is not while another process holds the store's lock, and is again after it", async () => {
    await isReady();
    const other = locked(store);
    await says(/the store cannot be written.*Another process is using the store/);
    other.close();
    await isReady();
    const taken = await fetch(`${url}/events`, {
      method: "POST",
      headers: { authorization: `Bearer ${SECRET}` },
      body: JSON.stringify(snsEvent(alarmMessage())),
    });

    expect(taken.status).toBe(202);
  });

  it("is not while the file of what is under way is locked", async () => {
    const other = locked(`${store}-executions`);
    await says(/the file of what is under way cannot be written/);
    other.close();

    await isReady();
  });

  it.runIf(canLimit)("is not while nothing more can be written to the disk", async () => {
    limit("--fsize=4096:");
    await says(/the store cannot be written.*(disk|space)/);
    limit("--fsize=unlimited:");

    await isReady();
  });

  it.runIf(canLimit)(
    "is not while file descriptors are used up, and loads afterwards what could not be loaded",
    async () => {
      const { port } = new URL(url);
      const files = /open files\s+(\d+)/.exec(readFileSync(`/proc/${run.process.pid}/limits`, "utf8"))?.[1];
      limit("--nofile=64:");
      const sockets: Socket[] = Array.from({ length: 30 }, () => connect(Number(port), "127.0.0.1"));
      for (const socket of sockets) socket.on("error", () => undefined);
      await says(/file descriptors are left.*ulimit -n/);
      for (const socket of sockets) socket.destroy();
      limit(`--nofile=${files}:`);

      await isReady();
    },
  );

  it("is not while the store's file is gone, and makes no other in its place", async () => {
    renameSync(store, `${store}.away`);
    await says(/the store cannot be written.*file is gone/);
    renameSync(`${store}.away`, store);

    await isReady();
  });
});
