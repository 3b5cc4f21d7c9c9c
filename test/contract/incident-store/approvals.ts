import { describe, expect, it } from "vitest";
import { type Approval, type ApprovalAnswer, planHash } from "../../../src/domain/approval.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const target = { cluster: "production", service: "payment-service" };
const plan: Approval["plan"] = {
  action: "restart",
  tasks: [
    { taskArn: "arn:aws:ecs:us-east-1:123456789012:task/production/4f2a", taskId: "4f2a", why: "unhealthy" },
  ],
};

const question = (changes: Partial<Approval> = {}): Approval => ({
  id: "question-0000000001",
  incidentId: "inc-1",
  target,
  cause: "memory-leak",
  severity: "P2",
  confidence: 0.7,
  rootCause: "memory climbs",
  why: "the confidence is low",
  plan,
  planHash: planHash("inc-1", target, plan),
  requestedAt: minute(0),
  deadline: minute(30),
  callbackId: "password=Y2FsbGJhY2s",
  messages: {},
  ...changes,
});

const asked = question();
const verdict = (word: ApprovalAnswer["verdict"], at: number): ApprovalAnswer => ({
  verdict: word,
  at: minute(at),
  ...(word === "approved" || word === "denied" ? { by: { channel: "slack", id: "U1" } } : {}),
});

/** What every store does with questions to people. */
export function approvalsContract(under: () => StoreUnderTest): void {
  const store = () => under().store;
  const answer = (word: ApprovalAnswer["verdict"], at: number, hash = asked.planHash) =>
    store().answer(asked.id, hash, verdict(word, at));

  it("gives a question back as it was asked", async () => {
    await store().ask(asked);

    expect(await store().approval(asked.id)).toEqual(asked);
    expect(await (await under().reopen()).approval(asked.id)).toEqual(asked);
    expect(await store().approval("question-unknown")).toBeUndefined();
  });

  it("leaves a question that is there as it is", async () => {
    await store().ask(asked);
    await answer("approved", 1);

    await store().ask({ ...asked, why: "something else" });

    expect(await store().approval(asked.id)).toEqual({ ...asked, answer: verdict("approved", 1) });
  });

  it("finds the questions of an incident, newest first, and those without an answer, oldest first", async () => {
    const late = question({ id: "question-0000000002", requestedAt: minute(2) });
    const other = question({ id: "question-0000000003", incidentId: "inc-2", requestedAt: minute(1) });
    for (const one of [late, asked, other]) await store().ask(one);

    const before = await store().unanswered();
    await store().answer(other.id, other.planHash, verdict("denied", 3));

    expect(await store().approvalsOf("inc-1")).toEqual([late, asked]);
    expect(await store().approvalsOf("inc-unknown")).toEqual([]);
    expect(before).toEqual([asked, other, late]);
    expect(await store().unanswered()).toEqual([asked, late]);
  });

  it.each([
    ["approved", 30],
    ["denied", 0],
    ["expired", 30],
  ] as const)("records the answer %s", async (word, at) => {
    await store().ask(asked);

    const outcome = await answer(word, at);

    const approval = { ...asked, answer: verdict(word, at) };
    expect(outcome).toEqual({ outcome: "recorded", approval });
    expect(await store().approval(asked.id)).toEqual(approval);
  });

  it("takes the first answer only", async () => {
    await store().ask(asked);
    await answer("denied", 1);

    const approval = { ...asked, answer: verdict("denied", 1) };
    for (const word of ["approved", "denied", "expired", "voided"] as const) {
      expect(await answer(word, 31)).toEqual({ outcome: "already-answered", approval });
    }
    expect(await store().approval(asked.id)).toEqual(approval);
  });

  it("voids what was approved, once", async () => {
    await store().ask(asked);
    await answer("approved", 1);

    const voided = await answer("voided", 2);
    const again = await answer("voided", 3);
    const late = await answer("approved", 4);

    const approval = { ...asked, answer: verdict("voided", 2) };
    expect(voided).toEqual({ outcome: "recorded", approval });
    expect([again, late]).toEqual(Array(2).fill({ outcome: "already-answered", approval }));
  });

  it("refuses the answer to another plan, also after the deadline", async () => {
    await store().ask(asked);

    expect(await answer("approved", 1, "0".repeat(64))).toEqual({ outcome: "other-plan", approval: asked });
    expect(await answer("denied", 31, "0".repeat(64))).toEqual({ outcome: "other-plan", approval: asked });
    expect(await store().approval(asked.id)).toEqual(asked);
  });

  it("asks no plan hash of what code decides", async () => {
    await store().ask(asked);
    await answer("approved", 1);

    expect(await answer("voided", 2, "")).toMatchObject({ outcome: "recorded" });
  });

  it("refuses a person's answer after the deadline", async () => {
    await store().ask(asked);

    for (const word of ["approved", "denied"] as const) {
      expect(await answer(word, 30.001)).toEqual({ outcome: "past-deadline", approval: asked });
    }
    expect(await store().unanswered()).toEqual([asked]);
  });

  it("lets nothing expire before its deadline", async () => {
    await store().ask(asked);

    expect(await thrownBy(answer("expired", 29.999))).toMatchObject({ code: "internal" });
    expect(await store().approval(asked.id)).toEqual(asked);
    expect(await answer("approved", 30)).toMatchObject({ outcome: "recorded" });
  });

  it("knows no answer to a question that was never asked", async () => {
    expect(await answer("approved", 1)).toEqual({ outcome: "unknown" });
    expect(await store().approvalsOf("inc-1")).toEqual([]);
  });

  it("notes where channels put it, before and after the answer", async () => {
    await store().ask(asked);

    await store().noteMessage(asked.id, "slack", "C1/1700.1");
    await answer("approved", 1);
    await store().noteMessage(asked.id, "http", "x");
    await store().noteMessage(asked.id, "slack", "C1/1700.2");
    await store().noteMessage("question-unknown", "slack", "C1/1700.3");

    const messages = { slack: "C1/1700.2", http: "x" };
    expect(await store().approval(asked.id)).toEqual({ ...asked, messages, answer: verdict("approved", 1) });
    expect(await store().approval("question-unknown")).toBeUndefined();
  });

  it("gives a question that nobody has answered another deadline and callback, and leaves an answered one", async () => {
    await store().ask(asked);
    const deadline = "2027-11-23T08:00:00.000Z";

    const later = await store().postpone(asked.id, { deadline });
    const again = await store().postpone(asked.id, { callbackId: "callback-2" });
    const inTime = await answer("approved", 90);
    const after = await store().postpone(asked.id, { deadline: asked.deadline });

    expect(later).toEqual({ ...asked, deadline });
    expect(again).toEqual({ ...asked, deadline, callbackId: "callback-2" });
    expect(inTime).toMatchObject({ outcome: "recorded" });
    expect(after).toMatchObject({ deadline, answer: { verdict: "approved" } });
    expect(await store().postpone("question-unknown", { deadline })).toBeUndefined();
  });

  it("keeps no secret of its texts, and every name exactly", async () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const [task] = plan.action === "restart" ? plan.tasks : [];
    const secretPlan: Approval["plan"] = {
      action: "restart",
      tasks: [{ taskArn: "arn:token=abc", taskId: "x", ...task, why: `has ${secret}` }],
    };
    const spoken = question({ rootCause: `leaks ${secret}`, why: `asks ${secret}`, plan: secretPlan });

    await store().ask(spoken);
    await store().answer(spoken.id, spoken.planHash, { ...verdict("denied", 1), note: `no ${secret}` });

    const kept = await store().approval(spoken.id);
    expect(await under().dump()).not.toContain(secret);
    expect(kept).toMatchObject({
      planHash: spoken.planHash,
      callbackId: spoken.callbackId,
      plan: { tasks: [{ taskArn: task?.taskArn, why: expect.stringContaining("[redacted:") }] },
      answer: { note: expect.stringContaining("[redacted:") },
    });
    expect(kept && planHash(kept.incidentId, kept.target, kept.plan)).toBe(spoken.planHash);
  });

  it("refuses what could not be read again", async () => {
    expect(await thrownBy(store().ask({ ...asked, id: "short" }))).toMatchObject({ code: "store-failed" });
    expect(await store().unanswered()).toEqual([]);
  });

  describe("answered from several processes at once", () => {
    it("has one answer, which all are told of", async () => {
      await store().ask(asked);
      const work = [0, 1, 2, 3].map((process) =>
        [0, 1, 2].map((call) => {
          const said = verdict(process % 2 === 0 ? "approved" : "denied", 1);
          const by = { channel: "slack", id: `U${process}-${call}` } as const;
          return { method: "answer", args: [asked.id, asked.planHash, { ...said, by }] } as const;
        }),
      );

      const outcomes = (await under().inProcesses(work)).flat();

      const kept = await store().approval(asked.id);
      const recorded = outcomes.filter((outcome) => (outcome as { outcome: string }).outcome === "recorded");
      expect(recorded).toEqual([{ outcome: "recorded", approval: kept }]);
      expect(outcomes.filter((outcome) => !recorded.includes(outcome))).toEqual(
        Array(11).fill({ outcome: "already-answered", approval: kept }),
      );
    });
  });
}
