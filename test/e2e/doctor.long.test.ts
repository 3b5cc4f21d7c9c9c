import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteLogGroupCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { Report, Result } from "../../src/doctor/run-checks.ts";
import { addDoctorCommand } from "../../src/interfaces/cli/doctor/doctor.ts";
import { addInitCommand } from "../../src/interfaces/cli/init/init.ts";
import { readPolicy } from "../../src/policy/policy-file.ts";
import { ACTING_LINE } from "../samples/acting-policy.ts";
import { runCliProcess } from "../support/cli-process.ts";
import { runCommand } from "../support/command-line.ts";
import {
  CREDENTIALS,
  cpuAlarm,
  type DoctorRange,
  startDoctorRange,
  startSkewedProxy,
} from "../support/doctor-range.ts";
import { type LocalSlackApi, type SlackApiAnswer, startLocalSlackApi } from "../support/local-slack-api.ts";
import {
  completion,
  goodAnswer,
  httpError,
  json,
  type ModelServer,
  type Scripted,
  startModelServer,
} from "../support/model-server.ts";

/** `doctor` and `init` against a real sandbox process: everything green, then one thing broken at a time. */

const folder = mkdtempSync(join(tmpdir(), "opsagent-doctor-"));
const path = (name: string) => join(folder, name);
let range: DoctorRange;
let slack: LocalSlackApi;
let model: ModelServer;
let answer: Scripted;
const undo: (() => Promise<unknown>)[] = [];

const GOOD = completion(goodAnswer({ more: null }), { model: "test/model-1" });
const IN_SLACK: readonly SlackApiAnswer[] = [
  { json: { ok: true, team: "Local", user: "opsagent" }, scopes: "chat:write,channels:read" },
  { json: { ok: true, channel: { id: "C0LOCAL01", is_member: true } } },
];

const POLICY = `version: 1
${ACTING_LINE}
evidence: { cloudTrail: false }
timing: { metricPeriodSeconds: 5 }
approvals: { slackUsers: [U0ALLOWED1] }
services:
  shop: {}
`;

beforeAll(async () => {
  writeFileSync(path("policy.yaml"), POLICY);
  [range, slack] = await Promise.all([startDoctorRange(), startLocalSlackApi()]);
  model = await startModelServer((body) => {
    // A question about the key has no body.
    if (body === null) return json({ data: { limit_remaining: 12.5 } });
    return typeof answer === "function" ? answer(body) : answer;
  });
}, 120_000);

afterEach(async () => {
  for (const step of undo.splice(0)) await step();
});

afterAll(async () => {
  await Promise.all([range?.sandbox.stop(), slack?.close(), model?.close()]);
  rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const variables = (): Record<string, string> => ({
  ...CREDENTIALS,
  AWS_REGION: "us-east-1",
  AWS_ENDPOINT_URL: range.client.endpoint,
  ECS_CLUSTER: "drill",
  LOG_GROUP_PREFIX: "/ecs/",
  OPSAGENT_DIAGNOSER: "model",
  OPSAGENT_MODE: "auto",
  OPSAGENT_POLICY: path("policy.yaml"),
  OPSAGENT_STORE: `sqlite:${path("store.db")}`,
  OPENROUTER_API_KEY: "sk-or-test-key-0123456789",
  OPENROUTER_BASE_URL: model.url,
  LLM_MODEL: "test/model-1",
  SLACK_WEBHOOK_URL: "",
  SLACK_BOT_TOKEN: "xoxb-test-token-9f3a",
  SLACK_CHANNEL: "C0LOCAL01",
  SLACK_SIGNING_SECRET: "a-secret-of-at-least-24-characters",
  SLACK_API_URL: slack.url,
  OPSAGENT_HTTP_TOKENS: "",
});

interface Wrong {
  readonly set?: Readonly<Record<string, string>>;
  readonly argv?: readonly string[];
  readonly answers?: Scripted;
  readonly inSlack?: readonly SlackApiAnswer[];
}

async function doctor({ set = {}, argv = [], answers = GOOD, inSlack = IN_SLACK }: Wrong = {}) {
  answer = answers;
  const asksSlack = !argv.includes("--only") || argv.includes("slack");
  if (asksSlack && set["OPSAGENT_MODE"] === undefined) slack.script(...inSlack);
  const result = await runCommand(addDoctorCommand, ["doctor", "--json", ...argv], {
    ...variables(),
    ...set,
  });
  const report = JSON.parse(result.stdout) as Report;
  const found = (id: string, subject?: string): Result | undefined =>
    report.results.find((one) => one.id === id && (subject === undefined || one.subject === subject));
  return { ...result, report, found };
}

const ledger = async () =>
  (await range.sandbox.control("GET", "/ledger")) as unknown as readonly {
    readonly operation: string;
    readonly mutating: boolean;
  }[];

describe("doctor, where everything is as it should be", () => {
  it("finds nothing wrong, and exits with 0", async () => {
    const { exit, report, stdout, found } = await doctor();

    // The service runs its first revision, so there is none to go back to.
    expect(report.results.filter(({ status }) => status !== "ok")).toMatchObject([
      // What ECS could do beside, with the command that sets it.
      {
        id: "ecs-itself",
        status: "warning",
        subject: "deployment-alarms shop",
        remedy: expect.stringContaining('"alarmNames": [ "shop-memory-high" ]'),
      },
      { id: "ecs-itself", status: "warning", subject: "target-tracking shop" },
      { id: "action-logs", status: "skipped" },
      { id: "remedies", status: "skipped", subject: expect.stringMatching(/^rollback shop: /) },
      { id: "senders", status: "skipped", seen: "OPSAGENT_WEBHOOK_TOKENS is not set." },
    ]);
    expect({ exit, ok: report.ok }).toEqual({ exit: 0, ok: true });
    expect(found("read-permissions", "ecs:DescribeTasks")?.status).toBe("ok");
    expect(found("write-permissions", "ecs:StopTask shop")?.status).toBe("ok");
    expect(found("alarm-topics")?.seen).toContain("leads to opsagent");
    expect(found("model-answer")?.seen).toContain("$0.00420");
    expect(stdout).not.toMatch(/9f3a|sk-or-test|a-secret/);
  });

  it("changes nothing in AWS", async () => {
    const before = await ledger();

    await doctor();

    const calls = (await ledger()).slice(before.length);
    expect(calls.length).toBeGreaterThan(20);
    expect(calls.filter(({ mutating }) => mutating)).toEqual([]);
  });

  it("fits a phone, as a process, and goes on where a policy is broken", async () => {
    writeFileSync(path("broken.yaml"), "version: 1\nkillswitch: true\n");
    const set = {
      OPSAGENT_POLICY: path("broken.yaml"),
      OPSAGENT_DIAGNOSER: "rules",
      SLACK_BOT_TOKEN: "",
      SLACK_CHANNEL: "",
    };

    const { exit, stdout } = await runCliProcess(["doctor", "--service", "shop"], {
      cwd: folder,
      variables: { ...variables(), ...set },
    });

    expect(exit).toBe(1);
    expect(stdout).toContain("broken.yaml:2: killswitch");
    expect(stdout).toContain("3 of 3 tasks run shop:1");
    expect(stdout).toMatch(/\nNot ready: 1 failed/);
    expect(stdout.split("\n").every((line) => line.length <= 100)).toBe(true);
  }, 120_000);
});

describe("doctor finds and names", () => {
  const bad = async (id: string, wrong: Wrong, subject?: string) => {
    const { exit, found, report } = await doctor({ ...wrong, argv: ["--only", id, ...(wrong.argv ?? [])] });
    const result = found(id, subject) ?? report.results.find((one) => one.id === id);
    return { exit, ...result };
  };

  it("a wrong region", async () => {
    const found = await bad("region", { set: { AWS_REGION: "eu-west-1" } });

    expect(found).toMatchObject({
      exit: 1,
      status: "failed",
      seen: expect.stringContaining("is in us-east-1"),
    });
    expect(found.remedy).toContain("AWS_REGION");
  });

  it("a wrong cluster, with those that there are", async () => {
    const found = await bad("cluster", { set: { ECS_CLUSTER: "prod" } });

    expect(found).toMatchObject({
      exit: 1,
      status: "failed",
      seen: expect.stringContaining('no cluster "prod"'),
    });
    expect(found.remedy).toContain("drill");
  });

  it("a service of the policy that does not exist", async () => {
    writeFileSync(path("typo.yaml"), POLICY.replace("shop:", "shpo:"));

    const found = await bad("services", { set: { OPSAGENT_POLICY: path("typo.yaml") } }, "shpo");

    expect(found).toMatchObject({ exit: 1, status: "failed", seen: expect.stringContaining('"shpo"') });
    expect(found.remedy).toContain("opsagent init");
  });

  it("a read that is denied", async () => {
    const error = {
      code: "AccessDeniedException",
      message: "User is not authorized to perform: ecs:DescribeTasks",
    };
    await range.sandbox.control("POST", "/fault-rules", { operation: "DescribeTasks", error });
    undo.push(() => range.sandbox.control("DELETE", "/fault-rules"));

    const found = await bad("read-permissions", {}, "ecs:DescribeTasks");

    expect(found).toMatchObject({ exit: 1, status: "failed", subject: "ecs:DescribeTasks" });
    expect(found.remedy).toContain("Allow ecs:DescribeTasks");
  });

  it("a write that is denied, without trying it", async () => {
    const iam = new IAMClient(range.client);
    const name = { RoleName: "opsagent", PolicyName: "no-scaling" };
    const Statement = { Effect: "Deny", Action: "ecs:UpdateService", Resource: "*" };
    await iam.send(new PutRolePolicyCommand({ ...name, PolicyDocument: JSON.stringify({ Statement }) }));
    undo.push(() => iam.send(new DeleteRolePolicyCommand(name)));

    const found = await bad("write-permissions", {}, "ecs:UpdateService shop");

    expect(found).toMatchObject({ exit: 1, status: "failed", seen: "a policy statement denies it" });
    expect(found.remedy).toContain("Allow ecs:UpdateService on arn:aws:ecs:us-east-1:");
  });

  it("writes that cannot be told, and says why", async () => {
    const error = { code: "AccessDenied", message: "not authorized" };
    await range.sandbox.control("POST", "/fault-rules", { operation: "SimulatePrincipalPolicy", error });
    undo.push(() => range.sandbox.control("DELETE", "/fault-rules"));

    const found = await bad("write-permissions", {}, "ecs:StopTask shop");

    expect(found).toMatchObject({
      exit: 0,
      status: "skipped",
      seen: expect.stringContaining("Not checkable"),
    });
  });

  it("a log group that is missing", async () => {
    const found = await bad("log-groups", {
      argv: ["--service", "quiet"],
      set: { LOG_GROUP_PREFIX: "/gone/" },
    });

    expect(found).toMatchObject({ exit: 1, status: "failed", seen: expect.stringContaining("/gone/quiet") });
    expect(found.remedy).toContain("LOG_GROUP_PREFIX");
  });

  it("a log group that is stale, with the age of its newest line", async () => {
    const logs = new CloudWatchLogsClient(range.client);
    const group = { logGroupName: "/stale/quiet" };
    const stream = { ...group, logStreamName: "old" };
    await logs.send(new CreateLogGroupCommand(group));
    undo.push(() => logs.send(new DeleteLogGroupCommand(group)));
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now() - 3 * 3_600_000, message: "long ago" }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));

    const found = await bad("log-groups", {
      argv: ["--service", "quiet"],
      set: { LOG_GROUP_PREFIX: "/stale/" },
    });

    expect(found).toMatchObject({ status: "warning", seen: expect.stringContaining("is 3 h old") });
    expect(found.remedy).toContain("standard output");
  });

  it("a service that no alarm watches, an alarm that tells nobody, and one that is switched off", async () => {
    const unwatched = await bad("alarm-coverage", { argv: ["--service", "quiet"] });
    await range.putAlarm(cpuAlarm("quiet-silent", "quiet"));
    await range.putAlarm(
      cpuAlarm("quiet-off", "quiet", { AlarmActions: [range.topicArn], ActionsEnabled: false }),
    );

    const { found } = await doctor({ argv: ["--service", "quiet", "--only", "alarm-actions"] });

    expect(unwatched).toMatchObject({ status: "warning", remedy: expect.stringContaining("opsagent init") });
    expect(found("alarm-actions", "quiet-silent")).toMatchObject({
      status: "failed",
      seen: expect.stringContaining("no alarm action"),
    });
    expect(found("alarm-actions", "quiet-off")).toMatchObject({
      status: "failed",
      remedy: expect.stringContaining("enable-alarm-actions"),
    });
  });

  it("topics that nobody or somebody else listens to, or that do not exist", async () => {
    const sns = new SNSClient(range.client);
    const { TopicArn: lonely = "" } = await sns.send(new CreateTopicCommand({ Name: "lonely" }));
    const gone = lonely.replace("lonely", "gone");
    await range.putAlarm(cpuAlarm("quiet-wired", "quiet", { AlarmActions: [lonely, gone, range.topicArn] }));

    const argv = ["--service", "quiet", "--only", "alarm-topics"];
    const { found, exit } = await doctor({ argv });
    const other = await doctor({ argv: [...argv, "--agent", "function:another"] });

    expect(exit).toBe(1);
    expect(found("alarm-topics", "lonely")).toMatchObject({
      status: "failed",
      seen: "it has no subscription",
      remedy: expect.stringContaining("aws sns subscribe"),
    });
    expect(found("alarm-topics", "gone")).toMatchObject({
      status: "failed",
      remedy: expect.stringContaining("create-topic"),
    });
    expect(found("alarm-topics", "ops-alarms")?.status).toBe("ok");
    expect(other.found("alarm-topics", "ops-alarms")?.status).toBe("failed");
  });

  it("a model that does not exist, beside one that answers", async () => {
    const answers: Scripted = (body) =>
      body.model === "test/gone" ? httpError(404, "No endpoints found") : GOOD;
    const set = { LLM_MODEL: "test/gone,test/model-1" };

    const { found, exit } = await doctor({ answers, set, argv: ["--only", "model-answer"] });

    expect(exit).toBe(1);
    expect(found("model-answer", "test/gone")).toMatchObject({
      status: "failed",
      remedy: expect.stringContaining("LLM_MODEL"),
    });
    expect(found("model-answer", "test/model-1")?.status).toBe("ok");
  });

  it.each([
    ["prose", completion("I think that everything is fine.")],
    ["another object", completion({ cause: "magic" })],
  ])("a model without structured output: %s", async (_what, answers) => {
    const found = await bad("model-answer", { answers });

    expect(found).toMatchObject({ exit: 1, status: "failed", subject: "test/model-1" });
    expect(found.remedy).toMatch(/structured outputs/);
  });

  it("a missing key", async () => {
    const found = await bad("model-key", { set: { OPENROUTER_API_KEY: "" } });

    expect(found).toMatchObject({
      exit: 1,
      status: "failed",
      remedy: expect.stringContaining("OPSAGENT_DIAGNOSER=rules"),
    });
  });

  it.each([
    ["a bad Slack token", [{ json: { ok: false, error: "invalid_auth" } }], /Reinstall the Slack app/],
    [
      "a token that may not post",
      [{ ...(IN_SLACK[0] as object), scopes: "channels:read" }, IN_SLACK[1] ?? {}],
      /chat:write/,
    ],
    [
      "an app that is not in the channel",
      [IN_SLACK[0] ?? {}, { json: { ok: true, channel: { is_member: false } } }],
      /\/invite/,
    ],
  ])("%s", async (_what, inSlack, remedy) => {
    const { report, exit } = await doctor({ inSlack, argv: ["--only", "slack"] });
    const [found] = report.results.filter(({ id, status }) => id === "slack" && status === "failed");

    expect(exit).toBe(1);
    expect(found?.remedy).toMatch(remedy);
    expect(found?.seen).not.toContain("9f3a");
  });

  it("an invalid policy with its line, and every bad variable by its name", async () => {
    writeFileSync(path("bad.yaml"), "version: 1\nlimits:\n  maxTasks: many\n");

    const found = await bad("policy", { set: { OPSAGENT_POLICY: path("bad.yaml") } });
    const environment = await doctor({
      set: { OPSAGENT_MODE: "secret-9f3a", OPENROUTER_BASE_URL: "secret-9f3a" },
    });
    const typo = await runCommand(addDoctorCommand, ["doctor", "--only", "clokc"], variables());

    expect(found).toMatchObject({
      exit: 1,
      status: "failed",
      seen: expect.stringContaining("bad.yaml:3: limits.maxTasks"),
    });
    expect(environment.found("configuration", "OPSAGENT_MODE")?.status).toBe("failed");
    expect(environment.found("configuration", "OPENROUTER_BASE_URL")?.status).toBe("failed");
    expect(environment.found("identity")?.status).toBe("skipped");
    expect(typo.error).toContain('no check "clokc"');
    expect(environment.stdout).not.toContain("9f3a");
  });

  it.each([
    [-120, "warning", "120 s ahead of AWS"],
    [900, "failed", "900 s behind AWS"],
  ])("a clock that is off (AWS' is %i s from ours)", async (seconds, status, seen) => {
    const proxy = await startSkewedProxy(range.client.endpoint, seconds);
    undo.push(() => proxy.close());

    const found = await bad("clock", { set: { AWS_ENDPOINT_URL: proxy.endpoint } });

    expect(found.status).toBe(status);
    expect(Math.abs(Number.parseInt(found.seen ?? "", 10) - Math.abs(seconds))).toBeLessThan(20);
    expect(found.seen).toContain(seen.replace(/^\d+ s /, ""));
    expect(found.remedy).toContain("chrony");
  });

  it("a store that cannot be written", async () => {
    const set = { OPSAGENT_STORE: `sqlite:${path("policy.yaml")}/store.db` };

    const found = await bad("store", { set });

    expect(found).toMatchObject({
      exit: 1,
      status: "failed",
      remedy: expect.stringContaining("OPSAGENT_STORE"),
    });
  });

  it("questions that nobody may answer", async () => {
    writeFileSync(
      path("nobody.yaml"),
      `${ACTING_LINE}\napprovals: { cliUsers: [] }\nevidence: { cloudTrail: false }\n`,
    );

    const found = await bad("approvers", { set: { OPSAGENT_POLICY: path("nobody.yaml") } });

    expect(found).toMatchObject({ exit: 1, status: "failed", seen: expect.stringContaining("rollback") });
  });
});

describe("init", () => {
  const init = (...argv: string[]) =>
    runCommand(addInitCommand, ["init", ...argv], { ...variables(), ECS_CLUSTER: "" });

  it("writes a policy that is valid and only watches, and never overwrites one", async () => {
    const out = path("proposed.yaml");

    const { exit, stdout } = await init("--out", out);
    const text = readFileSync(out, "utf8");
    const again = await init("--out", out);
    const forced = await init("--out", out, "--force", "--json");

    expect(exit).toBe(0);
    expect(stdout).toContain("3 services of cluster drill, all on observe");
    expect(stdout).toContain(`raise the modes of one service in ${out} to approve, later to auto`);
    expect(text).toContain("3 of 3 tasks run shop:1");
    expect(text).toContain("alarms: shop-memory-high");
    const policy = readPolicy(text);
    expect(policy).toMatchObject({ ok: true, policy: { modes: { restart: "observe" } } });
    expect(policy.ok && Object.keys(policy.policy.services)).toEqual(["inventory", "quiet", "shop"]);
    expect(again.error).toContain("config-invalid");
    expect(JSON.parse(forced.stdout)).toMatchObject({ cluster: "drill", policy: expect.any(String) });
  });

  it("proposes alarms that, once pasted, are missing no more and reach the agent", async () => {
    const proposed = JSON.parse((await init("--out", "-", "--json")).stdout);
    const commands: readonly string[] = proposed.commands;
    for (const command of commands) {
      const input = /--cli-input-json '(.*)'$/.exec(command)?.[1] ?? "";
      await range.putAlarm(JSON.parse(input));
    }
    writeFileSync(
      path("pasted.yaml"),
      proposed.policy.replace("version: 1", "version: 1\nevidence: { cloudTrail: false }"),
    );

    const after = JSON.parse((await init("--out", "-", "--json")).stdout);
    const { found } = await doctor({
      set: { OPSAGENT_POLICY: path("pasted.yaml") },
      argv: ["--service", "inventory", "--only", "alarm-coverage,alarm-topics"],
    });

    expect(commands.length).toBeGreaterThan(5);
    expect(after.missingAlarms).toEqual([]);
    expect(found("alarm-coverage", "inventory")).toMatchObject({
      status: "ok",
      seen: expect.stringContaining("opsagent-inventory-5xx"),
    });
    expect(found("alarm-topics")?.status).toBe("ok");
  });

  it("names the clusters that there are for one that is not", async () => {
    const { error } = await init("--cluster", "prod", "--out", "-");

    expect(error).toContain('no active cluster "prod" in us-east-1; there are drill');
  });
});
