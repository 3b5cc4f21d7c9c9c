/** Questions to people: asked, answered once, bound to the plan, and void when the world has changed. */
import { describe, expect, it } from "vitest";
import type { Approval } from "../../src/domain/approval.ts";
import { fastClock } from "../support/small-world.ts";
import { type Hook, type Running, type Setting, startWorkflow } from "../support/workflow.ts";

type Reply = (question: Approval, running: Running) => Promise<void>;

const PERSON = { channel: "cli", id: "maria" } as const;

/** Runs an incident whose rollback has to be approved; `reply` plays the person. */
async function runAsked(reply: Reply | undefined, setting: Setting = {}) {
  const asked: Approval[] = [];
  const running: Running = startWorkflow({
    trouble: "bad-deploy",
    ...setting,
    onAsked: (question) => {
      asked.push(question);
      reply?.(question, running).catch((error: unknown) => process.emitWarning(String(error)));
    },
  });
  const incident = await running.handle();
  return { incident, asked, ...running };
}

const answer =
  (verdict: "approved" | "denied", planHash?: string): Reply =>
  async (question, { store, engine }) => {
    const at = new Date(fastClock()).toISOString();
    await store.answer(question.id, planHash ?? question.planHash, { verdict, at, by: PERSON });
    await engine.completeCallback(question.callbackId, JSON.stringify(verdict));
  };

/** The process stands still at the second call of that kind, the one that reads what was answered. */
function sleepingOver(call: string, milliseconds: number): Hook {
  let calls = 0;
  return {
    before: (name) => {
      if (name !== call || ++calls !== 2) return;
      const until = fastClock() + milliseconds;
      while (fastClock() < until);
    },
  };
}

const SOON = { approvals: { deadlineMinutes: 0.2 } };

describe("a rollback that needs a person", () => {
  it("is carried out after a yes, and proven", async () => {
    const { incident, world, asked } = await runAsked(answer("approved"));

    expect(incident.summary).toContain("Fixed by rollback");
    expect(incident).toMatchObject({
      status: "resolved",
      diagnosis: { cause: "bad-deploy" },
      approval: { answer: { verdict: "approved", by: PERSON } },
      actions: [{ action: "rollback", outcome: "done" }],
      verification: { outcome: "recovered" },
    });
    expect(world.changes()).toEqual(["back shop:6"]);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ plan: { action: "rollback", how: "update-service" } });
  });

  it("is not carried out after a no", async () => {
    const { incident, world } = await runAsked(answer("denied"));

    expect(incident.status).toBe("escalated");
    expect(incident.summary).toContain("was denied by maria");
    expect(world.changes()).toEqual([]);
  });

  it("is not carried out when nobody answers: expiry means no", async () => {
    const { incident, world, store } = await runAsked(undefined, { policy: SOON });

    expect(incident.status).toBe("escalated");
    expect(incident.summary).toContain("expiry means no");
    expect(incident.approval?.answer?.verdict).toBe("expired");
    expect(await store.unanswered()).toEqual([]);
    expect(world.changes()).toEqual([]);
  });

  it("is not carried out for an answer to another plan", async () => {
    const { incident, world } = await runAsked(answer("approved", "0".repeat(64)), { policy: SOON });

    expect(incident.approval?.answer?.verdict).toBe("expired");
    expect(world.changes()).toEqual([]);
  });

  it("is void when the trouble has passed until the answer comes", async () => {
    const { incident, world } = await runAsked(async (question, running) => {
      running.world.log.add({ at: fastClock(), what: "calm", detail: "" });
      await new Promise((resolve) => setTimeout(resolve, 100));
      await answer("approved")(question, running);
    });

    expect(incident.approval?.answer).toMatchObject({ verdict: "voided", by: PERSON });
    expect(incident.status).toBe("escalated");
    expect(world.changes()).toEqual([]);
  });

  it("is void when the service went back already", async () => {
    const { incident, world } = await runAsked(async (question, running) => {
      running.world.log.add({ at: fastClock(), what: "back", detail: "by hand" });
      await answer("approved")(question, running);
    });

    expect(incident.approval?.answer?.verdict).toBe("voided");
    expect(world.changes()).toEqual(["back by hand"]);
  });

  it("is never asked for a second time by a second answer", async () => {
    const { incident, world } = await runAsked(async (question, running) => {
      await answer("approved")(question, running);
      await answer("denied")(question, running);
      await answer("approved")(question, running);
    });

    expect(incident.status).toBe("resolved");
    expect(world.changes()).toEqual(["back shop:6"]);
  });

  it("is void when OpsAgent was down and reads a yes long after the deadline", async () => {
    const { incident, world } = await runAsked(
      async (question, { store }) => {
        const at = new Date(fastClock()).toISOString();
        await store.answer(question.id, question.planHash, { verdict: "approved", at, by: PERSON });
      },
      { policy: SOON, hook: sleepingOver("store.approval", 10 * 60_000) },
    );

    expect(incident.approval?.answer).toMatchObject({ verdict: "voided", by: PERSON });
    expect(incident.summary).toContain("minutes after the deadline");
    expect(world.changes()).toEqual([]);
  });

  it("shows the question in the store while it waits", async () => {
    let seen: unknown;
    await runAsked(async (question, running) => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      seen = await running.store.get(question.incidentId);
      await answer("denied")(question, running);
    });

    expect(seen).toMatchObject({ status: "open", approval: { planHash: expect.any(String) } });
    expect(seen).toMatchObject({ summary: expect.stringContaining("waits for a person until") });
  });

  it("is not asked where nobody may answer, or the time of the invocation is limited", async () => {
    const nobody = await runAsked(undefined, { policy: { approvals: { cliUsers: [] } } });
    const limited = startWorkflow({ trouble: "bad-deploy" });
    const deadline = new Date(fastClock() + 600_000).toISOString();
    const hurried = await limited.handle(limited.world.alert(), deadline);

    for (const incident of [nobody.incident, hurried]) {
      expect(incident.status).toBe("escalated");
      expect(incident.approval).toBeUndefined();
      expect(incident.summary).toContain("for a person to decide");
    }
  });
});

describe("a restart in approve mode", () => {
  it("stops exactly the approved task", async () => {
    const { incident, world, asked } = await runAsked(answer("approved"), {
      trouble: "leak",
      policy: { modes: { restart: "approve" } },
    });

    expect(asked[0]?.plan).toMatchObject({ action: "restart", tasks: [{ taskId: "a" }] });
    expect(incident.status).toBe("resolved");
    expect(world.changes()).toEqual(["stop a"]);
  });

  it("is void when the task is gone", async () => {
    const { incident, world } = await runAsked(
      async (question, running) => {
        running.world.log.add({ at: fastClock(), what: "stop", detail: "a|by hand" });
        await answer("approved")(question, running);
      },
      { trouble: "leak", curable: false, policy: { modes: { restart: "approve" } } },
    );

    expect(incident.approval?.answer?.verdict).toBe("voided");
    expect(world.changes()).toEqual(["stop a"]);
  });
});
