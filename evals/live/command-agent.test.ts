import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { RunningAgent, Site } from "./agent.ts";
import { commandAgent } from "./command-agent.ts";
import { startHub } from "./hub.ts";
import { viewProcess } from "./process-view.ts";

const EXAMPLE = `${process.execPath} ${join(import.meta.dirname, "example-agent.mjs")}`;
const ALARM = JSON.stringify({
  Records: [{ Sns: { Message: JSON.stringify({ AlarmName: "shop-5xx", NewStateValue: "ALARM" }) } }],
});

const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function aSite(): Promise<Site> {
  const hub = await startHub({ deliver: async () => {}, askPerson: () => "approved" });
  const folder = mkdtempSync(join(tmpdir(), "responder-"));
  closing.push(
    () => hub.close(),
    () => rmSync(folder, { recursive: true, force: true }),
  );
  const { slackUrl, reportUrl, approvalUrl, reported } = hub;
  const place = { awsEndpoint: "http://127.0.0.1:9", region: "us-east-1", cluster: "drill" };
  return { ...place, folder, slackUrl, reportUrl, approvalUrl, reported, askPerson: () => "approved" };
}

async function answerOf(agent: RunningAgent) {
  for (;;) {
    const answer = await agent.look("shop");
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

it("gives the example agent its alarm, and takes its report", async () => {
  const agent = await commandAgent(EXAMPLE).start(await aSite());
  closing.push(() => agent.stop());

  await agent.deliver(ALARM);
  const { report, pending } = await answerOf(agent);

  expect(pending).toBe(false);
  expect(report).toMatchObject({ cause: "unknown", action: "none", status: "escalated" });
  expect(report.rootCause).toBe("shop-5xx in drill at http://127.0.0.1:9: not looked into");
});

it.skipIf(process.platform !== "linux")(
  "shows it nothing of this environment but what is passed on by name",
  async () => {
    process.env["EVAL_TEST_KEY"] = "wanted";
    process.env["EVAL_TEST_SECRET"] = "unhealthy-task";
    closing.push(() => {
      delete process.env["EVAL_TEST_KEY"];
      delete process.env["EVAL_TEST_SECRET"];
    });

    const agent = await commandAgent(EXAMPLE, ["EVAL_TEST_KEY"]).start(await aSite());
    closing.push(() => agent.stop());
    const { environment, files } = viewProcess(agent.pid ?? 0);

    expect(environment).toContain("EVAL_TEST_KEY=wanted");
    expect(environment).not.toContain("unhealthy-task");
    expect(files).toEqual([]);
  },
);

it("fails to start what ends at once, with what it said", async () => {
  const starting = commandAgent("sh -c 'echo no luck; exit 3'").start(await aSite());

  await expect(starting).rejects.toThrow(/ended with code 3\. no luck/);
});

it("says so when the agent dies before it has answered", async () => {
  const agent = await commandAgent(EXAMPLE).start(await aSite());
  closing.push(() => agent.stop());

  process.kill(agent.pid ?? 0, "SIGKILL");

  await expect(answerOf(agent)).rejects.toThrow("ended with SIGKILL");
});
