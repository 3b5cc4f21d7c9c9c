/** Channels that are away while OpsAgent has something to tell: nothing is lost, nothing is told twice. */
import { describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { type Door, startDoors } from "../support/doors.ts";
import { fastClock } from "../support/small-world.ts";
import { useCredentials } from "../support/use-credentials.ts";
import { channelsTo } from "../support/wired-channels.ts";
import { type Setting, startWorkflow } from "../support/workflow.ts";

useCredentials();

const MINUTE_MS = 60_000;

/** A workflow whose channels are these doors, in the order in which they stand in for each other. */
async function startBehind(doors: readonly Door[], setting: Setting = {}) {
  const opened = await startDoors();
  onTestFinished(() => opened.close());
  const store = createSqliteStore(":memory:");
  const channels = channelsTo(opened, store, ...doors);
  return { doors: opened, ...startWorkflow({ store, channels, ...setting }) };
}

/** The first that is not undefined, or the error of the last look after 20 s. */
async function eventually<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const until = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error("It did not come about.");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const only = async (store: IncidentStore): Promise<Incident | undefined> => (await store.list())[0];

/** Lets the world's clock run; it is fifty times as fast as the machine's. */
async function passes(minutes: number): Promise<void> {
  const until = fastClock() + minutes * MINUTE_MS;
  while (fastClock() < until) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function approve({ store, engine }: Pick<Awaited<ReturnType<typeof startBehind>>, "store" | "engine">) {
  const [question] = await store.unanswered();
  if (question === undefined) throw new Error("Nothing is asked.");
  const at = new Date(fastClock()).toISOString();
  const by = { channel: "cli", id: "maria" } as const;
  await store.answer(question.id, question.planHash, { verdict: "approved", at, by });
  await engine.completeCallback((await store.approval(question.id))?.callbackId ?? "", '"approved"');
}

describe("a question while Slack is away for longer than its deadline", () => {
  it("waits for Slack with a later deadline, is put once, and the yes is carried out", async () => {
    const policy = { approvals: { deadlineMinutes: 1.5 } };
    const running = await startBehind(["slack-webhook"], { trouble: "bad-deploy", policy });
    const { doors, store, world } = running;
    doors.shut("slack-webhook");

    const handled = running.handle();
    const waiting = await eventually(async () => {
      const record = await only(store);
      return record?.undelivered === undefined ? undefined : record;
    });
    expect(waiting.undelivered).toEqual([
      {
        channel: "slack-webhook",
        what: "the question",
        since: expect.any(String),
        reason: expect.stringContaining("HTTP 503"),
      },
    ]);
    await passes(4);
    const later = await only(store);
    expect(later).toMatchObject({ status: "open", progress: { phase: "asking" } });
    expect(later?.approval?.answer).toBeUndefined();
    expect(Date.parse(later?.approval?.deadline ?? "")).toBeGreaterThan(fastClock());
    expect(doors.takenBy("slack-webhook")).toEqual([]);

    doors.open("slack-webhook");
    await eventually(() => doors.taken[0]);
    const asked = await eventually(async () => {
      const record = await only(store);
      return record?.undelivered === undefined ? record : undefined;
    });
    const [question] = await store.unanswered();
    expect(asked.approval?.deadline).toBe(question?.deadline);
    expect(doors.taken[0]?.text).toContain((question?.deadline ?? "").slice(11, 16));
    await approve(running);
    const incident = await handled;

    expect(incident).toMatchObject({ status: "resolved", approval: { answer: { verdict: "approved" } } });
    expect(incident).not.toHaveProperty("undelivered");
    expect(incident.failures).toEqual([]);
    expect(world.changes()).toEqual(["back shop:6"]);
    const texts = doors.taken.map(({ text }) => text);
    expect(texts).toHaveLength(3);
    expect(texts[0]).toContain("Approval needed");
    expect(texts[2]).toContain("Resolved");
    expect(await store.get(incident.id)).toMatchObject({ approval: incident.approval, status: "resolved" });
  });

  it("is needless once it is answered elsewhere", async () => {
    const running = await startBehind(["slack-webhook"], { trouble: "bad-deploy" });
    const { doors, store } = running;
    doors.shut("slack-webhook");

    const handled = running.handle();
    await eventually(async () => ((await only(store))?.undelivered === undefined ? undefined : true));
    await approve(running);
    await eventually(async () => ((await only(store))?.closedAt === undefined ? undefined : true));
    doors.open("slack-webhook");
    const incident = await handled;

    expect(incident.status).toBe("resolved");
    expect(doors.taken.map(({ text }) => text)).toEqual([expect.stringContaining("Resolved")]);
  });
});

it("a question that no channel ever takes ends as what it is: nobody was asked", async () => {
  const policy = { approvals: { deadlineMinutes: 0.2 } };
  const { doors, handle, store, world } = await startBehind(["slack-webhook"], {
    trouble: "bad-deploy",
    policy,
  });
  doors.remove("slack-webhook");

  const incident = await handle();

  expect(incident).toMatchObject({ status: "escalated", approval: { answer: { verdict: "unasked" } } });
  expect(incident.summary).toContain("Nobody was asked");
  expect(incident.summary).not.toMatch(/expiry|denied|not answered in time/);
  expect(incident.failures.map(({ stage, code }) => `${stage} ${code}`)).toContain("ask slack-failed");
  expect(await store.unanswered()).toEqual([]);
  expect(world.changes()).toEqual([]);
});

it("a report waits for Slack, holds nothing up, and is told once", async () => {
  const { doors, handle, store } = await startBehind(["slack-webhook"], { trouble: "spike" });
  doors.shut("slack-webhook");

  const handled = handle();
  const done = await eventually(async () => {
    const record = await only(store);
    return record?.giveBack?.outcome === "given-back" ? record : undefined;
  });
  expect(done).toMatchObject({
    status: "resolved",
    failures: [],
    undelivered: [{ channel: "slack-webhook", what: "the report" }],
  });
  expect(doors.refused("slack-webhook")).toBeGreaterThan(1);
  doors.open("slack-webhook");
  const incident = await handled;

  expect(incident).not.toHaveProperty("undelivered");
  expect(doors.takenBy("slack-webhook")).toEqual(["post"]);
  const stored = await store.get(incident.id);
  expect(stored).not.toHaveProperty("undelivered");
});

describe("a page while PagerDuty is away", () => {
  const policy = { killSwitch: true };

  it("is sent once, when PagerDuty is back", async () => {
    const { doors, handle, store } = await startBehind(["pagerduty"], { policy });
    doors.shut("pagerduty");

    const handled = handle();
    await eventually(async () => (await only(store))?.undelivered?.[0]);
    await passes(1);
    doors.open("pagerduty");
    const incident = await handled;

    expect(incident.status).toBe("escalated");
    expect(doors.takenBy("pagerduty")).toEqual([`trigger ${incident.id}`]);
  });

  it("wakes nobody for an alarm that has recovered meanwhile", async () => {
    const { doors, handle, store, world } = await startBehind(["pagerduty"], { policy });
    doors.shut("pagerduty");

    const handled = handle();
    await eventually(async () => (await only(store))?.undelivered?.[0]);
    const alert = world.alert();
    const later = new Date(Date.parse(alert.receivedAt) + 1_000).toISOString();
    const ok = handle({
      ...alert,
      key: `${alert.key}-ok`,
      state: "OK",
      firedAt: later,
      receivedAt: later,
    });
    await eventually(async () => ((await store.list()).length === 2 ? true : undefined));
    await passes(0.5);
    doors.open("pagerduty");
    const incident = await handled;
    await ok;

    expect(doors.takenBy("pagerduty")).not.toContain(`trigger ${incident.id}`);
  });
});

it("a webhook that was away gets every moment once, and in order", async () => {
  const { doors, handle, store } = await startBehind(["webhook"]);
  doors.shut("webhook");

  const handled = handle();
  await eventually(async () => ((await only(store))?.closedAt === undefined ? undefined : true));
  expect(doors.taken).toEqual([]);
  doors.open("webhook");
  await handled;

  const moments = doors.takenBy("webhook");
  expect(moments).toEqual(["opened", "decided", "acting-restart-stop-0", "acted", "verified", "closed"]);
});

it("the app's message shows the end at once when Slack is back, and no state before it", async () => {
  const { doors, handle, store } = await startBehind(["slack-app"]);
  doors.shut("slack-app");

  const handled = handle();
  await eventually(async () => (await only(store))?.undelivered?.find(({ what }) => what === "the report"));
  doors.open("slack-app");
  const incident = await handled;

  expect(incident.failures).toEqual([]);
  const posts = doors.taken.map(({ what, text }) => `${what}: ${/Resolved/.test(text)}`);
  expect(posts).toEqual(["post: true", "post: true"]);
});

describe("channels stand in for each other, in their order", () => {
  const policy = { approvals: { deadlineMinutes: 30 } };

  it("a question that the Slack app does not take goes to the webhook, and to the app when it is back", async () => {
    const running = await startBehind(["slack-app", "slack-webhook", "pagerduty"], {
      trouble: "bad-deploy",
      policy,
    });
    const { doors, store } = running;
    doors.shut("slack-app");

    const handled = running.handle();
    const told = await eventually(async () =>
      (await only(store))?.undelivered?.find(({ toldBy }) => toldBy !== undefined),
    );
    expect(told).toMatchObject({ channel: "slack-app", what: "the question", toldBy: "slack-webhook" });
    expect(doors.taken).toHaveLength(1);
    expect(doors.taken[0]?.text).toContain("slack-app has not taken the question since");
    doors.open("slack-app");
    await eventually(async () => ((await only(store))?.undelivered === undefined ? true : undefined));
    await approve(running);
    const incident = await handled;

    expect(incident).toMatchObject({ status: "resolved", failures: [] });
    const questions = doors.taken.filter(({ text }) => text.includes("Approval needed"));
    expect(questions.map(({ door }) => door)).toEqual(["slack-webhook", "slack-app"]);
    expect(doors.takenBy("pagerduty")).toEqual([]);
  });

  it("with Slack away a question pages, a report goes to the operators' topic, and a page for good news is never made", async () => {
    const running = await startBehind(["slack-app", "slack-webhook", "pagerduty", "topic"], {
      trouble: "bad-deploy",
      policy,
    });
    const { doors, store, engine } = running;
    doors.shut("slack-app", "slack-webhook");

    const handled = running.handle();
    await eventually(async () =>
      (await only(store))?.undelivered?.find(({ toldBy }) => toldBy === "pagerduty"),
    );
    await approve({ store, engine });
    const reported = await eventually(() => doors.taken.find(({ door }) => door === "topic"));
    doors.open("slack-app", "slack-webhook");
    const incident = await handled;

    expect(incident).toMatchObject({ status: "resolved", failures: [] });
    const [question] = await store.approvalsOf(incident.id);
    const page = `${incident.id}:question:${question?.id}`;
    expect(doors.takenBy("pagerduty")).toEqual([`trigger ${page}`, `resolve ${page}`]);
    expect(reported.text).toContain("slack-app has not taken the report since");
    expect(reported.what).toContain("resolved");
    expect(doors.takenBy("slack-webhook")).toEqual([]);
  });
});
