/** An `OK` while an incident waits for a person: a reason to look again, never a proof and never a permission. */
import { expect, it } from "vitest";
import type { Alert } from "../../src/domain/alert.ts";
import type { Approval } from "../../src/domain/approval.ts";
import { fastClock } from "../support/small-world.ts";
import { type Running, type Setting, startWorkflow } from "../support/workflow.ts";

/** A clear sign that nobody answers: the question expires soon after what happens in the test. */
const EXPIRES = { approvals: { deadlineMinutes: 1.5 }, timing: { verifyTimeoutSeconds: 15 } };

type Ok = (key?: string) => Promise<unknown>;
type Meanwhile = (running: Running, ok: Ok, question: Approval) => Promise<unknown>;

/** An incident that asks for a rollback; `meanwhile` is what happens while it waits. */
async function waiting(meanwhile: Meanwhile, setting: Setting = {}, about: Partial<Alert> = {}) {
  let done: Promise<unknown> = Promise.resolve();
  const running: Running = startWorkflow({
    trouble: "bad-deploy",
    ...setting,
    onAsked: (question) => {
      const ok: Ok = (key = "ok-1") =>
        running.handle({ ...running.world.alert({ key, state: "OK" }), ...about });
      done = new Promise((resolve) => setTimeout(resolve, 20)).then(() => meanwhile(running, ok, question));
    },
  });
  const incident = await running.handle();
  await done;
  return { incident, ...running };
}

const calm = ({ world }: Running) => world.log.add({ at: fastClock(), what: "calm", detail: "" });

it("withdraws the question when the service is seen to have recovered, and tells people once", async () => {
  const { incident, world, store, reports } = await waiting(async (running, ok) => {
    calm(running);
    await ok();
  });

  expect(incident).toMatchObject({ status: "observed", approval: { answer: { verdict: "withdrawn" } } });
  expect(incident.summary).toContain("rollback was not needed any more. The alarm is OK again");
  expect(reports.map(({ id }) => id)).toEqual([incident.id]);
  expect(await store.unanswered()).toEqual([]);
  expect(await store.open()).toEqual([]);
  expect(world.changes()).toEqual([]);
});

it("leaves the question when the alarm, read again, is not OK: the message was late", async () => {
  const { incident, world } = await waiting((_running, ok) => ok(), { policy: EXPIRES });

  expect(incident.status).toBe("escalated");
  expect(incident.approval?.answer?.verdict).toBe("expired");
  expect(world.changes()).toEqual([]);
});

it("goes by what is read now, not by the message's clock", async () => {
  const yesterday = new Date(fastClock() - 86_400_000).toISOString();
  const { incident } = await waiting(
    async (running, ok) => {
      calm(running);
      await ok();
    },
    {},
    { firedAt: yesterday },
  );

  expect(incident.approval?.answer?.verdict).toBe("withdrawn");
});

it("comes twice at the same time, and again later: the question is withdrawn once", async () => {
  const { incident, store, reports } = await waiting(async (running, ok) => {
    calm(running);
    await Promise.all([ok("ok-1"), ok("ok-2")]);
    await ok("ok-3");
  });

  expect(incident).toMatchObject({ status: "observed", approval: { answer: { verdict: "withdrawn" } } });
  expect(reports.map(({ id }) => id)).toEqual([incident.id]);
  expect((await store.approvalsOf(incident.id)).map(({ answer }) => answer?.verdict)).toEqual(["withdrawn"]);
});

it("leaves the question when the last look, which a crash can delay, does not say the same", async () => {
  let looks = 0;
  let counts = false;
  const { incident } = await waiting(
    async (running, ok) => {
      calm(running);
      counts = true;
      await ok();
    },
    {
      policy: EXPIRES,
      hook: {
        before: (call) => {
          if (!counts || call !== "alarms.alarm") return;
          looks += 1;
          // Two looks hold, which is the proof; the third is the one before the question is withdrawn.
          if (looks > 2) throw new Error("cannot be read any more");
        },
      },
    },
  );

  expect(looks).toBeGreaterThan(2);
  expect(incident.approval?.answer?.verdict).toBe("expired");
});

it("of another alarm leaves the question", async () => {
  const other = { name: "another-alarm" } as Alert["alarm"];
  const { incident, reports } = await waiting(
    async (running, ok) => {
      calm(running);
      await ok();
    },
    { policy: EXPIRES },
    { alarm: other },
  );

  expect(incident.approval?.answer?.verdict).toBe("expired");
  expect(reports).toHaveLength(1);
});

it("does not take back a person's answer", async () => {
  const { incident, world } = await waiting(async ({ store, engine }, ok, question) => {
    const at = new Date(fastClock()).toISOString();
    const by = { channel: "cli", id: "maria" } as const;
    await store.answer(question.id, question.planHash, { verdict: "approved", at, by });
    const noted = ok();
    await engine.completeCallback(question.callbackId, JSON.stringify("approved"));
    await noted;
  });

  expect(incident).toMatchObject({ status: "resolved", approval: { answer: { verdict: "approved" } } });
  expect(world.changes()).toEqual(["back shop:6"]);
});

it("opens no incident by itself", async () => {
  const { handle, world, store, reports } = startWorkflow({ trouble: "leak" });

  const note = await handle(world.alert({ state: "OK" }));

  expect(note.status).toBe("observed");
  expect(await store.open()).toEqual([]);
  expect(reports).toEqual([]);
  expect(world.changes()).toEqual([]);
});
