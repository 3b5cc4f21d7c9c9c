/** An incident that waits for a person while OpsAgent is updated: one process begins it, another version goes on. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, expect, it, onTestFinished } from "vitest";
import type { Approval } from "../../src/domain/approval.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { workflowShape } from "../../src/workflow/version/index.ts";
import { type Machine, startMachine } from "../support/agent-machine.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { type AnotherVersion, copyThisVersion, renameAStep } from "../support/another-version.ts";
import { eventually } from "../support/lambda-stack.ts";

const ASKS = "modes:\n  restart: approve\napprovals:\n  deadlineMinutes: 30";

interface Waiting {
  readonly machine: Machine;
  readonly event: unknown;
  readonly incidentId: string;
  readonly question: Approval;
}

/** This version asks a person and is killed. */
async function asksAPerson(): Promise<Waiting> {
  const machine = await startMachine({ policy: ASKS });
  onTestFinished(machine.close);
  const agent = await machine.start();
  const event = snsEvent(alarmMessage());
  await agent.accept(event);
  const store = machine.store();
  try {
    const question = await eventually(async () => (await store.unanswered())[0]);
    return { machine, event, incidentId: question.incidentId, question };
  } finally {
    agent.kill();
    store.close();
  }
}

/** The person says yes while nothing runs. */
async function waitingForAPerson(): Promise<Waiting> {
  const waiting = await asksAPerson();
  const { id, planHash } = waiting.question;
  const store = waiting.machine.store();
  const by = { channel: "cli", id: "maria" } as const;
  await store.answer(id, planHash, { verdict: "approved", at: new Date().toISOString(), by });
  store.close();
  return waiting;
}

const toldOfTheUpdate = ({ slack }: Machine) =>
  slack.messages.filter((message) => JSON.stringify(message).includes("OpsAgent was updated while"));

function anotherVersion(change: (version: AnotherVersion) => void): AnotherVersion {
  const version = copyThisVersion();
  change(version);
  return version;
}

/** A version with another workflow; nothing that runs in it changes it. */
const renamed = anotherVersion(renameAStep);
afterAll(renamed.remove);

/** Runs `opsagent continue` of that version to its end: its exit code, and what it printed. */
async function resume({ cli }: AnotherVersion, { folder, variables }: Machine) {
  const child = spawn(process.execPath, [cli, "continue", "--json"], { cwd: folder, env: variables });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [exit] = await once(child, "close");
  return { exit, incidents: output === "" ? output : JSON.parse(output) };
}

async function recordOf(machine: Machine, incidentId: string): Promise<Incident | undefined> {
  const store = machine.store();
  const record = await store.get(incidentId);
  store.close();
  return record;
}

it("is reported under another version of the workflow, with why and what to do, and nothing is done", async () => {
  const { machine, incidentId } = await waitingForAPerson();

  const first = await resume(renamed, machine);
  const second = await resume(renamed, machine);

  const record = await recordOf(machine, incidentId);
  expect(first).toMatchObject({ exit: 1, incidents: [{ id: incidentId, status: "failed" }] });
  expect(second).toEqual({ exit: 0, incidents: [] });
  expect(record).toMatchObject({
    status: "failed",
    failures: [{ code: "superseded", remedy: expect.stringContaining("Handle the incident by hand") }],
  });
  expect(record?.summary).toContain("OpsAgent was updated while it worked on the incident");
  expect(record?.summary).toContain(`which version ${workflowShape().version} had begun`);
  expect(machine.slack.messages.filter((text) => JSON.stringify(text).includes("was updated"))).toHaveLength(
    1,
  );
  expect(machine.aws.mutations()).toEqual([]);
});

it("is told of once where the same event comes again, and the next alarm is an incident of its own", async () => {
  const { machine, event, incidentId } = await waitingForAPerson();
  const agent = await machine.start(renamed.folder);

  const [again] = await agent.handle(event);
  const next = await agent.accept(snsEvent(alarmMessage({ AlarmName: "shop-memory-again" })));

  expect(again).toMatchObject({ id: incidentId, status: "failed", failures: [{ code: "superseded" }] });
  expect(toldOfTheUpdate(machine)).toHaveLength(1);
  expect(machine.aws.mutations()).toEqual([]);
  expect(next.incidents).toHaveLength(1);
  expect(next.incidents).not.toContain(incidentId);
});

it("takes its question back, so that nobody's yes is taken for something that is done", async () => {
  const { machine, incidentId, question } = await asksAPerson();
  await resume(renamed, machine);

  const answered = await (await machine.start(renamed.folder)).approve(incidentId, question.planHash);

  expect(answered.outcome).not.toBe("recorded");
  expect(answered).toMatchObject({
    approval: { answer: { verdict: "voided", note: "OpsAgent was updated while its incident waited." } },
  });
});

it("goes on with the recorded answer where the policy of another day lets nobody answer", async () => {
  const { machine, incidentId } = await waitingForAPerson();
  const { OPSAGENT_POLICY = "" } = machine.variables;
  writeFileSync(OPSAGENT_POLICY, `${readFileSync(OPSAGENT_POLICY, "utf8")}  cliUsers: []\n`);

  const version = anotherVersion(() => {});
  onTestFinished(version.remove);

  const ended = await resume(version, machine);

  expect(ended).toMatchObject({ exit: 0, incidents: [{ id: incidentId, status: "resolved", failures: [] }] });
  expect(machine.aws.mutations()).toEqual(["StopTask"]);
});

it("goes on to its end where only texts, comments and rules have changed", async () => {
  const { machine, incidentId } = await waitingForAPerson();
  const version = anotherVersion(({ edit }) => {
    for (const path of workflowShape().modules) edit(path, (source) => `// Another comment.\n${source}`);
    edit("src/version.ts", (source) => source.replace(/"[\d.]+"/, '"99.0.0"'));
  });
  onTestFinished(version.remove);

  await resume(version, machine);

  expect(await recordOf(machine, incidentId)).toMatchObject({
    status: "resolved",
    approval: { answer: { verdict: "approved", by: { id: "maria" } } },
  });
  expect(machine.aws.mutations()).toEqual(["StopTask"]);
});
