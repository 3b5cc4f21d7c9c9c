/** Nobody said that anything may be changed: an incident that would be remedied changes nothing, at every entrance. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AwsStub } from "../support/aws-stub-server.ts";
import { type CliRun, runCliProcess, startCli } from "../support/cli-process.ts";
import {
  FAST_POLICY,
  type LeakingService,
  memoryAlarmEvent,
  startLeakingService,
} from "../support/leaking-service.ts";

const SECRET = "a-secret-of-at-least-24-characters";
const CHANGING = ["StopTask", "UpdateService", "StopServiceDeployment", "RegisterTaskDefinition"];
const SILENT = FAST_POLICY.replace(/^modes:.*\n/m, "");

let folder: string;
let service: LeakingService;
let server: CliRun | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "safe-"));
  // At the default period of a minute, two minutes of a climb would prove no leak.
  service = await startLeakingService("shop", { minutes: 40 });
  writeFileSync(join(folder, "acting.yaml"), FAST_POLICY);
  writeFileSync(join(folder, "silent.yaml"), SILENT);
});
afterEach(async () => {
  server?.process.kill("SIGKILL");
  server = undefined;
  await service.stub.close();
  rmSync(folder, { recursive: true, force: true });
});

const changes = (stub: AwsStub) => CHANGING.flatMap((operation) => stub.calls(operation));
const cli = (variables: Readonly<Record<string, string>>) => ({
  cwd: folder,
  stdin: JSON.stringify(memoryAlarmEvent("shop")),
  variables: { AWS_ENDPOINT_URL: service.stub.endpoint, ECS_CLUSTER: "test", ...variables },
});

const NOBODY_SAID = [
  ["no policy file", {}, "no policy file is set"],
  ["a policy file that names no mode", { OPSAGENT_POLICY: "silent.yaml" }, "silent.yaml allows no action"],
  ["no policy file under a ceiling of auto", { OPSAGENT_MODE: "auto" }, "no policy file is set"],
] as const;

describe.each(NOBODY_SAID)("with %s", (_, variables, why) => {
  it("`handle` changes nothing, and says why and how to allow more", async () => {
    const { exit, stdout, stderr } = await runCliProcess(["handle", "--event", "-"], cli(variables));

    const incident = JSON.parse(stdout);
    expect(incident).toMatchObject({
      status: "observed",
      decision: { wouldHave: { plan: { action: "restart" } } },
    });
    expect(incident.summary).toContain("To allow it, set modes.restart in the policy to approve or auto.");
    expect(exit).toBe(0);
    expect(stderr.split("\n")[0]).toContain(`OpsAgent changes nothing, it investigates and reports: ${why}`);
    expect(changes(service.stub)).toEqual([]);
  });

  it("`serve` changes nothing, and says so before it listens", async () => {
    server = startCli(
      ["serve", "--port", "0"],
      cli({ OPSAGENT_HTTP_TOKENS: `pager:${SECRET}`, ...variables }),
    );
    const said = await saidUntil(server, /"port":\d+/);
    const url = `http://127.0.0.1:${/"port":(\d+)/.exec(said)?.[1]}`;

    await post(`${url}/events`, JSON.stringify(memoryAlarmEvent("shop")));
    const incident = await closed(url);

    expect(said.split("\n")[0]).toContain(`OpsAgent changes nothing, it investigates and reports: ${why}`);
    expect(incident).toMatchObject({ status: "observed" });
    expect(changes(service.stub)).toEqual([]);
  });
});

it("with a policy that says so, the same incident is remedied", async () => {
  const { stderr } = await runCliProcess(["handle", "--event", "-"], cli({ OPSAGENT_POLICY: "acting.yaml" }));

  expect(stderr.split("\n")[0]).toContain("OpsAgent may restart tasks and add tasks by itself");
  expect(service.stoppedTasks()).toEqual(["leaky"]);
});

it("a pause holds what the policy allows, and is said before anything else is", async () => {
  const options = cli({ OPSAGENT_POLICY: "acting.yaml" });
  await runCliProcess(["incidents"], options);
  await runCliProcess(["pause", "--by", "ann", "--why", "database move"], options);

  const { exit, stdout, stderr } = await runCliProcess(["handle", "--event", "-"], options);

  expect(stderr.split("\n")[1]).toMatch(/^Paused by ann since .*: database move\. Nothing is changed\.$/);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "escalated",
    decision: { reasons: [expect.stringContaining("Paused by ann")] },
  });
  expect(exit).toBe(3);
  expect(changes(service.stub)).toEqual([]);
});

it("what is missing is said at the start, with what every incident would come to", async () => {
  const { exit, stdout, stderr } = await runCliProcess(
    ["handle", "--event", "-"],
    cli({ OPSAGENT_DIAGNOSER: "model", ECS_CLUSTER: "" }),
  );

  expect(stderr).toContain(
    "OPENROUTER_API_KEY is not set: no model is asked, and the built-in rules decide alone",
  );
  expect(stderr).toContain("ECS_CLUSTER is not set: an alarm that names no cluster would be escalated");
  expect(JSON.parse(stdout)).toMatchObject({
    status: "observed",
    diagnosis: { cause: "memory-leak", by: "rules" },
    modelFailure: { code: "model-not-configured" },
  });
  expect(exit).toBe(0);
});

async function saidUntil(run: CliRun, what: RegExp): Promise<string> {
  let said = "";
  for await (const chunk of run.process.stderr ?? []) {
    said += String(chunk);
    if (what.test(said)) return said;
  }
  throw new Error(`It never said ${what}: ${said}`);
}

async function post(url: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${SECRET}`, "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body });
  expect(answer.status).toBe(202);
}

/** The one incident of the server, once it is closed. */
async function closed(url: string): Promise<unknown> {
  for (;;) {
    const { summaries } = (await (await fetch(`${url}/api/incidents`)).json()) as {
      summaries: readonly { status: string; closedAt?: string }[];
    };
    const [first] = summaries;
    if (first !== undefined && first.status !== "open") return first;
    await sleep(100);
  }
}
