import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { scaleQuestion } from "../samples/approvals.ts";
import { type CliRun, startCli } from "../support/cli-process.ts";
import { pressOf, slackPress } from "../support/slack-press.ts";

const SECRET = "a-secret-of-at-least-24-characters";

describe("opsagent serve", () => {
  let folder: string;
  let run: CliRun | undefined;
  const variables = () => ({
    OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}`,
    OPSAGENT_HTTP_TOKENS: `pager:${SECRET}`,
    SLACK_SIGNING_SECRET: SECRET,
    // Nothing listens there: what is checked at the start must not keep the server from serving or stopping.
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "serve-"));
  });
  afterEach(() => {
    run?.process.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  const listening = async (cli: CliRun): Promise<number> => {
    let said = "";
    for await (const chunk of cli.process.stderr ?? []) {
      said += String(chunk);
      const port = /"port":(\d+)/.exec(said)?.[1];
      if (port !== undefined) return Number(port);
    }
    throw new Error(`It did not listen: ${said}`);
  };

  it.each(["SIGTERM", "SIGINT"] as const)("serves until %s, and ends with 0", async (signal) => {
    run = startCli(["serve", "--port", "0"], { cwd: folder, variables: variables() });
    const port = await listening(run);
    const health = await fetch(`http://127.0.0.1:${port}/health`);

    run.process.kill(signal);
    const { exit } = await run.result;

    expect(health.status).toBe(200);
    expect(exit).toBe(0);
  });

  it("takes a press of a button into the store", async () => {
    const question = scaleQuestion({ deadline: new Date(Date.now() + 600_000).toISOString() });
    const policy = join(folder, "policy.yaml");
    writeFileSync(policy, "approvals:\n  slackUsers: [U0ALLOWED1]\n");
    const store = createSqliteStore(join(folder, "opsagent.db"));
    await store.ask(question);
    run = startCli(["serve", "--port", "0"], {
      cwd: folder,
      variables: { ...variables(), OPSAGENT_POLICY: policy },
    });
    const port = await listening(run);

    const timestamp = Math.floor(Date.now() / 1_000);
    const answer = await fetch(
      `http://127.0.0.1:${port}/slack/actions`,
      slackPress({ secret: SECRET, timestamp, value: pressOf(question) }),
    );

    expect(answer.status).toBe(200);
    expect((await store.approval(question.id))?.answer).toMatchObject({ verdict: "approved" });
    expect((await store.entriesOf(question.incidentId)).map(({ event }) => event)).toEqual([
      "approval-answered",
    ]);
    store.close();
  });

  it("says when the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    run = startCli(["serve", "--port", String(port)], { cwd: folder, variables: variables() });

    const { exit, stderr } = await run.result;
    other.close();

    expect(exit).toBe(2);
    expect(stderr).toContain("EADDRINUSE");
    expect(stderr).not.toContain(SECRET);
  });
});

it("answers on the command line what another process asked", async () => {
  const folder = mkdtempSync(join(tmpdir(), "approve-"));
  const store = createSqliteStore(join(folder, "opsagent.db"));
  const question = scaleQuestion({ deadline: new Date(Date.now() + 600_000).toISOString() });
  await store.ask(question);
  const variables = { OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}` };
  const plan = question.planHash.slice(0, 8);

  const unnamed = await startCli(["approve", question.incidentId], { cwd: folder, variables }).result;
  const named = await startCli(["approve", question.incidentId, "--plan", plan, "--by", "ann"], {
    cwd: folder,
    variables,
  }).result;

  expect([unnamed.exit, named.exit]).toEqual([2, 0]);
  expect(unnamed.stderr).toContain("--plan");
  expect((await store.approval(question.id))?.answer).toMatchObject({
    verdict: "approved",
    by: { channel: "cli", id: "ann" },
  });
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
