/** Slack, PagerDuty and the webhook are away for an hour, and OpsAgent is restarted three times meanwhile. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { ClosableStore } from "../../src/wiring/open-store.ts";
import { startMachine } from "../support/agent-machine.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";
import { runCliProcess } from "../support/cli-process.ts";
import { startDoors } from "../support/doors.ts";
import { createSmallWorld, fastClock } from "../support/small-world.ts";
import { channelsTo, variablesOf } from "../support/wired-channels.ts";
import { type Running, startWorkflow } from "../support/workflow.ts";

async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, ms = 60_000): Promise<T> {
  const until = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error("It did not come about.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ALL = ["slack-app", "pagerduty", "webhook"] as const;

describe("away for an hour of the world's clock, with three restarts", { timeout: 240_000 }, () => {
  it("every message comes once, in order; a question asked before is answered after", async () => {
    const folder = mkdtempSync(join(tmpdir(), "opsagent-away-"));
    const doors = await startDoors();
    const world = createSmallWorld({ trouble: "bad-deploy" });
    const stores: ClosableStore[] = [];
    onTestFinished(async () => {
      await doors.close();
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const policy = { approvals: { deadlineMinutes: 180 } };
    const start = async (): Promise<Running> => {
      const store = createSqliteStore(join(folder, "opsagent.db"));
      stores.push(store);
      const database = join(folder, "executions.db");
      const channels = channelsTo(doors, store, ...ALL);
      const running = startWorkflow({ world, store, database, channels, policy });
      await running.engine.resume();
      return running;
    };
    const named = async ({ store }: Running, status: Incident["status"]) =>
      (await store.list()).find((one) => one.status === status);

    let running = await start();
    const asking = world.alert();
    await running.engine.start(`incident-${asking.key}`, { alert: asking });
    await eventually(() => (doors.taken.some(({ text }) => /Approval needed/.test(text)) ? true : undefined));
    await eventually(async () =>
      Object.keys((await running.store.unanswered())[0]?.messages ?? {}).length > 0 ? true : undefined,
    );

    doors.shut(...ALL);
    const began = fastClock();
    const { target: _, ...stray } = world.alert({ key: "stray", metric: "stray" });
    const lost = {
      ...stray,
      title: "stray alarm",
      targetProblem: "The alarm names no service of this cluster.",
    };
    await running.engine.start(`incident-${lost.key}`, { alert: lost });
    const told = await eventually(() => named(running, "escalated"));
    for (const minutes of [20, 40, 55]) {
      await eventually(() => (fastClock() - began > minutes * 60_000 ? true : undefined));
      await running.engine.stop({ timeoutMs: 2_000 });
      running = await start();
    }
    await eventually(() => (fastClock() - began > 60 * 60_000 ? true : undefined));
    const before = await running.store.get(told.id);
    expect(before?.undelivered?.map(({ channel, what }) => `${channel}: ${what}`).sort()).toEqual([
      "pagerduty: the page",
      "slack-app: the report",
      "webhook: status update closed",
    ]);
    const sentBefore = doors.taken.length;
    for (const door of ALL.slice(0, 2)) expect(doors.refused(door)).toBeGreaterThan(20);
    doors.open(...ALL);

    await eventually(async () =>
      (await running.store.get(told.id))?.undelivered === undefined ? true : undefined,
    );
    const late = doors.taken.slice(sentBefore);
    expect(late.map(({ door, what }) => `${door} ${what}`).sort()).toEqual([
      `pagerduty trigger ${told.id}`,
      "slack-app post",
      "slack-app post",
      "webhook closed",
    ]);

    const [question] = await running.store.unanswered();
    if (question === undefined) throw new Error("The question is gone.");
    const at = new Date(fastClock()).toISOString();
    const by = { channel: "cli", id: "maria" } as const;
    await running.store.answer(question.id, question.planHash, { verdict: "approved", at, by });
    await running.engine.completeCallback(question.callbackId, '"approved"');
    const ended = await running.engine.waitFor(`incident-${asking.key}`);

    expect(ended).toMatchObject({ status: "SUCCEEDED", output: { status: "resolved", failures: [] } });
    expect(world.changes()).toEqual(["back shop:6"]);
    const questions = doors.taken.filter(({ text }) => /Approval needed/.test(text));
    expect(questions.map(({ what }) => what)).toEqual(["post"]);
    const moments = doors.takenBy("webhook");
    expect(moments).toEqual([
      "opened",
      "decided",
      "asked",
      "closed",
      "approval-approved",
      "acting-rollback",
      "acted",
      "verified",
      "closed",
    ]);
    expect(doors.takenBy("pagerduty")).toEqual([`trigger ${told.id}`]);
  });
});

describe("away while real processes are killed", { timeout: 240_000 }, () => {
  it("the report is told once by whoever lives when Slack is back, and every surface says that it waits", async () => {
    const doors = await startDoors();
    const machine = await startMachine({
      policy: "modes:\n  restart: approve\napprovals:\n  deadlineMinutes: 30\n  cliUsers: [ann]",
      variables: variablesOf(doors, ["slack-webhook", "pagerduty"]),
    });
    onTestFinished(async () => {
      await machine.close();
      await doors.close();
    });
    const store = machine.store();
    onTestFinished(() => store.close());

    const first = await machine.start();
    await first.accept(snsEvent(alarmMessage()));
    const question = await eventually(async () => {
      const [one] = await store.unanswered();
      return one?.messages["slack-webhook"] === undefined ? undefined : one;
    });
    expect(doors.taken.map(({ text }) => text)).toEqual([expect.stringContaining("Approval needed")]);

    doors.shut("slack-webhook");
    first.kill();
    const second = await machine.start();
    await second.resume();
    await second.approve(question.incidentId, question.planHash);
    const resolved = await eventually(async () => {
      const record = await store.get(question.incidentId);
      return record?.undelivered?.some(({ what }) => what === "the report") ? record : undefined;
    });
    expect(resolved).toMatchObject({ status: "resolved", failures: [] });
    second.kill();

    const cli = (...argv: string[]) =>
      runCliProcess(argv, { cwd: machine.folder, variables: machine.variables });
    const shown = await cli("show", question.incidentId);
    expect(shown.stdout).toContain("Not told yet: the report to slack-webhook, tried since");
    const [listed] = JSON.parse((await cli("incidents", "--json")).stdout);
    expect(listed.undelivered).toContainEqual(
      expect.objectContaining({ channel: "slack-webhook", what: "the report" }),
    );
    expect((await cli("doctor", "--json")).stdout).toContain("the report waits since");

    for (let restarts = 0; restarts < 2; restarts++) {
      const another = await machine.start();
      const refused = doors.refused("slack-webhook");
      await another.resume();
      await eventually(() => (doors.refused("slack-webhook") > refused ? true : undefined), 90_000);
      another.kill();
    }
    doors.open("slack-webhook");
    const last = await machine.start();
    await last.resume();
    const incident = await last.finish(resolved);

    expect(incident).not.toHaveProperty("undelivered");
    expect(machine.aws.mutations()).toEqual(["StopTask"]);
    const texts = doors.taken.map(({ text }) => text);
    expect(texts.filter((text) => text.includes("Approval needed"))).toHaveLength(1);
    expect(texts.filter((text) => text.includes("Resolved"))).toHaveLength(1);
    expect(doors.takenBy("pagerduty")).toEqual([]);
    expect((await cli("show", question.incidentId)).stdout).not.toContain("Not told yet");
  });

  it("an event that nobody could read is told once Slack is back, by another process", async () => {
    const doors = await startDoors();
    const machine = await startMachine({ variables: variablesOf(doors, ["slack-webhook", "pagerduty"]) });
    onTestFinished(async () => {
      await machine.close();
      await doors.close();
    });
    const store = machine.store();
    onTestFinished(() => store.close());
    doors.shut("slack-webhook", "pagerduty");

    const first = await machine.start();
    await first.accept({ what: "is this" });
    const waiting = await eventually(async () => {
      const [record] = await store.list();
      return record?.undelivered === undefined ? undefined : record;
    });
    first.kill();
    doors.open("slack-webhook", "pagerduty");
    const second = await machine.start();
    await second.resume();
    await eventually(async () =>
      (await store.get(waiting.id))?.undelivered === undefined ? true : undefined,
    );

    expect(doors.takenBy("slack-webhook")).toEqual(["post"]);
    expect(doors.takenBy("pagerduty")).toEqual([`trigger ${waiting.id}`]);
    expect(doors.taken[0]?.text).toContain("could not be read");
  });
});
