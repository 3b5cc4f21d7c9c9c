import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PLANS, scaleQuestion } from "../../test/samples/approvals.ts";
import { at } from "../../test/samples/evidence.ts";
import { type ApprovalDesk, answersOf, openDesk } from "../../test/support/approval-desk.ts";
import { fixedPolicy } from "../../test/support/fixed-policy.ts";
import type { Approver } from "../domain/approval.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { Policy } from "../domain/policy.ts";

let desk: ApprovalDesk;
const question = scaleQuestion();
const slack: Approver = { channel: "slack", id: "U0ALLOWED1" };
const yes = { approvalId: question.id, verdict: "approved", by: slack, planHash: question.planHash } as const;

beforeEach(async () => {
  desk = openDesk();
  await desk.store.ask(question);
});
afterEach(() => desk.store.close());

const events = async () => (await desk.store.entriesOf(question.incidentId)).map((entry) => entry.event);

describe("an allowed answer", () => {
  it.each(["approved", "denied"] as const)("%s is recorded, audited and wakes", async (verdict) => {
    const result = await answersOf(desk).answer({ ...yes, verdict, note: " go, password=hunter2hunter2 " });

    expect(result).toMatchObject({ outcome: "recorded", resumed: "completed" });
    expect(await desk.store.approval(question.id)).toMatchObject({
      answer: { verdict, by: slack, at: at(60) },
    });
    expect(desk.resumed).toEqual([{ callbackId: question.callbackId, verdict }]);
    expect(await events()).toEqual(["approval-answered"]);
    const [entry] = await desk.store.entriesOf(question.incidentId);
    expect(entry?.detail).toContain(`${verdict} by U0ALLOWED1 (slack): go, password=`);
    const [event] = await desk.store.eventsOf(question.incidentId);
    expect(event).toMatchObject({ planHash: question.planHash, answer: { verdict, by: slack } });
    expect(`${entry?.detail} ${JSON.stringify(result)}`).not.toContain("hunter2");
  });

  it("finds the question by its incident", async () => {
    const { approvalId, ...byIncident } = yes;

    const result = await answersOf(desk).answer({ ...byIncident, incidentId: question.incidentId });

    expect(result).toMatchObject({ outcome: "recorded", approval: { id: approvalId } });
  });

  it("takes the question of the given plan where two wait", async () => {
    const other = scaleQuestion({ id: "1".repeat(20), plan: PLANS.restart, requestedAt: at(5) });
    await desk.store.ask(other);
    const { approvalId, ...byIncident } = yes;

    const result = await answersOf(desk).answer({ ...byIncident, incidentId: question.incidentId });

    expect(result).toMatchObject({ outcome: "recorded", approval: { id: approvalId } });
    expect(await desk.store.approval(other.id)).not.toHaveProperty("answer");
  });
});

describe("who may answer", () => {
  const cases: readonly [string, Policy["approvals"] | object, Approver, boolean][] = [
    ["a Slack user on the list", { slackUsers: ["U1"] }, { channel: "slack", id: "U1" }, true],
    ["another Slack user", { slackUsers: ["U1"] }, { channel: "slack", id: "U2" }, false],
    ["a Slack user without a list", {}, { channel: "slack", id: "U1" }, false],
    [
      "a Slack user whose id is on the HTTP list",
      { httpClients: ["U1"] },
      { channel: "slack", id: "U1" },
      false,
    ],
    ["an HTTP client on the list", { httpClients: ["pager"] }, { channel: "http", id: "pager" }, true],
    ["an HTTP client without a list", {}, { channel: "http", id: "pager" }, false],
    ["anyone on the command line without a list", {}, { channel: "cli", id: "ann" }, true],
    ["nobody on the command line with an empty list", { cliUsers: [] }, { channel: "cli", id: "ann" }, false],
    ["a listed name on the command line", { cliUsers: ["ann"] }, { channel: "cli", id: "ann" }, true],
  ];

  it.each(cases)("%s", async (_, approvals, by, allowed) => {
    const policySource = fixedPolicy(Policy.parse({ approvals }));

    const result = await answersOf({ ...desk, policySource }).answer({ ...yes, by });

    expect(result.outcome).toBe(allowed ? "recorded" : "not-allowed");
    expect(desk.resumed).toHaveLength(allowed ? 1 : 0);
    if (allowed) return;
    expect(await desk.store.approval(question.id)).not.toHaveProperty("answer");
    expect(await events()).toEqual(["approval-refused"]);
    expect(result.sentence).toMatch(/Ask someone on the list approvals\.\w+ of the policy file/);
  });

  it("asks the policy as it is when the answer comes", async () => {
    const policies = [{ slackUsers: ["U0ALLOWED1"] }, { slackUsers: [] }];
    const policySource = {
      current: async () => ({
        policy: Policy.parse({ approvals: policies.shift() }),
        origin: { kind: "start" } as const,
      }),
    };
    const answers = answersOf({ ...desk, policySource });
    const by = { channel: "slack", id: "U0ALLOWED1" } as const;

    const outcomes = [await answers.answer({ ...yes, by }), await answers.answer({ ...yes, by })];

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(["recorded", "not-allowed"]);
  });

  it("tells whoever is not allowed nothing about the question", async () => {
    const by: Approver = { channel: "slack", id: "U0STRANGER" };

    const known = await answersOf(desk).answer({ ...yes, by });
    const unknown = await answersOf(desk).answer({ ...yes, by, approvalId: "no-such-question" });

    expect(known).toEqual(unknown);
  });
});

describe("refused answers", () => {
  it("says who answered first, and leaves that answer", async () => {
    await answersOf(desk).answer(yes);

    const result = await answersOf(desk).answer({
      ...yes,
      verdict: "denied",
      by: { channel: "cli", id: "ann" },
    });

    expect(result).toMatchObject({ outcome: "already-answered", resumed: "completed" });
    expect(result.sentence).toMatch(/^Already approved by U0ALLOWED1 \(slack\) at 2026-11-23 07:01:00 UTC/);
    // The incident may not know of the first answer yet; what it reads is what stands.
    expect(desk.resumed).toHaveLength(2);
    expect(await events()).toEqual(["approval-answered", "approval-refused"]);
  });

  it("takes nothing after the deadline", async () => {
    desk.second = 1_801;

    const result = await answersOf(desk).answer(yes);

    expect(result.outcome).toBe("past-deadline");
    expect(result.sentence).toContain("no answer until then means no");
    expect(desk.resumed).toEqual([]);
  });

  it.each([
    ["another hash", "f".repeat(64)],
    ["a part of the hash", question.planHash.slice(0, 8)],
    ["no hash", ""],
  ])("takes nothing for %s", async (_, planHash) => {
    const result = await answersOf(desk).answer({ ...yes, planHash });

    expect(result.outcome).toBe("other-plan");
    expect(result.sentence).toContain(question.planHash.slice(0, 8));
    expect(desk.resumed).toEqual([]);
  });

  it.each([
    ["an unknown question", { approvalId: "no-such-question" }],
    ["a question of another incident", { incidentId: "inc-other" }],
  ])("knows nothing of %s", async (_, over) => {
    const result = await answersOf(desk).answer({ ...yes, ...over });

    expect(result.outcome).toBe("unknown");
    expect(desk.resumed).toEqual([]);
  });

  it("does not guess between two questions with the same plan", async () => {
    await desk.store.ask(scaleQuestion({ id: "2".repeat(20) }));
    const { approvalId, ...byIncident } = yes;

    const result = await answersOf(desk).answer({ ...byIncident, incidentId: question.incidentId });

    expect(result).toMatchObject({ outcome: "ambiguous" });
    expect(await desk.store.unanswered()).toHaveLength(2);
  });

  it("audits every attempt by itself", async () => {
    await answersOf(desk).answer({ ...yes, planHash: "" });
    await answersOf(desk).answer({ ...yes, planHash: "" });

    expect(await events()).toEqual(["approval-refused", "approval-refused"]);
  });
});

describe("faults between recording and waking", () => {
  it("wakes again when the same answer is repeated after a crash", async () => {
    const { verdict, by } = yes;
    await desk.store.answer(question.id, question.planHash, { verdict, by, at: at(30) });

    const result = await answersOf(desk).answer(yes);

    expect(result).toMatchObject({ outcome: "already-answered", resumed: "completed" });
    expect(desk.resumed).toEqual([{ callbackId: question.callbackId, verdict: "approved" }]);
    const answered = (await desk.store.entriesOf(question.incidentId)).filter(
      (entry) => entry.event === "approval-answered",
    );
    expect(answered).toMatchObject([{ at: at(30) }]);
  });

  it("says that the incident sleeps on when waking fails, and wakes it the next time", async () => {
    desk.waking = "throw";
    const first = await answersOf(desk).answer(yes);
    desk.waking = "completed";
    const second = await answersOf(desk).answer(yes);

    expect(first).toMatchObject({ outcome: "recorded", resumed: "failed" });
    expect(first.sentence).toContain("Give the same answer again");
    expect(second).toMatchObject({ outcome: "already-answered", resumed: "completed" });
    expect(await events()).toEqual(["approval-answered", "approval-refused"]);
  });

  it("does not wake on an answer that the trail could not take", async () => {
    const broken = new OpsAgentError({ code: "store-failed", message: "disk full", remedy: "free some" });
    const events = { ...desk.events, append: () => Promise.reject(broken) };

    const attempt = answersOf({ ...desk, events }).answer(yes);

    await expect(attempt).rejects.toBe(broken);
    expect(desk.resumed).toEqual([]);
    expect(await answersOf(desk).answer(yes)).toMatchObject({ resumed: "completed" });
  });

  it("wakes an incident whose question was withdrawn, and leaves it withdrawn", async () => {
    await desk.store.answer(question.id, question.planHash, { verdict: "withdrawn", at: at(30) });

    const result = await answersOf(desk).answer(yes);

    expect(result).toMatchObject({ outcome: "already-answered", resumed: "completed" });
    expect(desk.resumed).toEqual([{ callbackId: question.callbackId, verdict: "withdrawn" }]);
  });

  it("never wakes an expired or voided question", async () => {
    await desk.store.answer(question.id, question.planHash, { verdict: "expired", at: at(1_800) });

    const result = await answersOf(desk).answer(yes);

    expect(result).toMatchObject({ outcome: "already-answered", resumed: "not-needed" });
    expect(desk.resumed).toEqual([]);
  });
});

it("lets exactly one of many simultaneous answers count", async () => {
  const verdicts = Array.from({ length: 10 }, () => ["approved", "denied"] as const).flat();

  const results = await Promise.all(verdicts.map((verdict) => answersOf(desk).answer({ ...yes, verdict })));

  expect(results.filter(({ outcome }) => outcome === "recorded")).toHaveLength(1);
  expect(new Set(desk.resumed.map(({ verdict }) => verdict)).size).toBe(1);
});

it("ends every sentence with something to do, and shows no callback", async () => {
  const refused = await answersOf(desk).answer({ ...yes, planHash: "" });
  const recorded = await answersOf(desk).answer(yes);
  const again = await answersOf(desk).answer(yes);

  for (const { sentence, message, remedy } of [refused, recorded, again]) {
    expect(sentence).toBe(`${message} ${remedy}`);
    expect(remedy).toMatch(/^(Look|Follow|See|Give|Ask|Handle)\b.*\.$/);
    expect(sentence).not.toContain(question.callbackId);
  }
  expect(desk.logged.join()).not.toContain(question.callbackId);
});
