/**
 * The wall clock of the agent's machine jumps in the middle of an incident: nothing is done that a guardrail would
 * refuse, no wait grows by the jump, and the incident ends.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it, type TestContext } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import {
  type AgentProcess,
  type Machine,
  type MachineOptions,
  startMachine,
} from "../support/agent-machine.ts";
import { alarmMessage, cpuAlarmMessage, snsEvent } from "../support/alarm-events.ts";
import { json } from "../support/aws-stub-answers.ts";

const HOUR_MS = 3_600_000;
/** Far below the jump, and far above what any of these incidents takes. */
const SOON_MS = 60_000;

/** Tests that run side by side have to register what is to be closed in their own context. */
async function start(
  { onTestFinished }: TestContext,
  options: MachineOptions,
): Promise<{ machine: Machine; agent: AgentProcess }> {
  const machine = await startMachine(options);
  onTestFinished(() => machine.close());
  return { machine, agent: await machine.start() };
}

/** Calls `then` once, when the operation is called for the first time. */
function atFirst(
  machine: Machine,
  operation: "DescribeServices" | "StopTask" | "UpdateService",
  then: () => void,
) {
  const { aws } = machine;
  let called = false;
  aws.on(operation, (input) => {
    if (!called) then();
    called = true;
    if (operation === "StopTask") return aws.stopTask(input);
    return operation === "UpdateService" ? aws.updateService(input) : aws.answer(operation, input);
  });
}

const only = ([incident]: readonly Incident[]): Incident => {
  if (incident === undefined) throw new Error("There is no incident.");
  return incident;
};

const isoIn = (ms: number) => new Date(Date.now() + ms).toISOString();

describe.each([
  ["back", -HOUR_MS],
  ["forward", HOUR_MS],
] as const)("an hour %s", (_, by) => {
  it.concurrent.for(["DescribeServices", "StopTask"] as const)(
    "at %s: the leaking task is stopped once, and the incident ends",
    { timeout: SOON_MS },
    async (operation, context) => {
      const { expect } = context;
      const { machine, agent } = await start(context, {});
      atFirst(machine, operation, () => void agent.shift(by));

      const incident = only(await agent.handle(snsEvent(alarmMessage())));

      expect(machine.aws.mutations().length).toBeLessThanOrEqual(1);
      expect(["resolved", "escalated", "failed"]).toContain(incident.status);
      expect(incident.closedAt).toBeDefined();
      expect(machine.slack.messages).toHaveLength(1);
    },
  );

  it.concurrent(
    "while capacity is lent: it is given back once or left to people",
    async (context) => {
      const { expect } = context;
      const { machine, agent } = await start(context, {
        sickness: "traffic",
        timing: { giveBackMinutes: 0.1 },
      });
      const told = only(await agent.handle(snsEvent(cpuAlarmMessage())));
      // Recovery is only seen in data since the proof: after a jump back they have to come in first.
      await agent.shift(Math.max(by, -15_000));

      const ended = await agent.finish(told);

      expect(told.giveBack).toMatchObject({ outcome: "waiting" });
      expect(["given-back", "left-alone"]).toContain(ended.giveBack?.outcome);
      expect(machine.aws.mutations()).toHaveLength(ended.giveBack?.outcome === "given-back" ? 2 : 1);
    },
    SOON_MS,
  );

  it.concurrent(
    "while a re-fired alarm waits for its decay: it ends, and nothing more is done",
    async (context) => {
      const { expect } = context;
      const { machine, agent } = await start(context, { timing: { decayMinutes: 0.1 } });
      await agent.handle(snsEvent(alarmMessage()));
      const again = agent.handle(snsEvent(alarmMessage()));
      await sleep(1_000);
      await agent.shift(by);

      const incident = only(await again);

      expect(incident.refireOf).toBeDefined();
      expect(incident.closedAt).toBeDefined();
      expect(machine.aws.mutations()).toEqual(["StopTask"]);
    },
    SOON_MS,
  );
});

describe("an hour back", () => {
  it.concurrent(
    "does not end a freeze",
    async (context) => {
      const { expect } = context;
      const freeze = `freezes:\n  - from: ${isoIn(-60_000)}\n    to: ${isoIn(2 * HOUR_MS)}`;
      const { machine, agent } = await start(context, { policy: freeze });
      atFirst(machine, "DescribeServices", () => void agent.shift(-HOUR_MS));

      const incident = only(await agent.handle(snsEvent(alarmMessage())));

      expect(machine.aws.mutations()).toEqual([]);
      expect(JSON.stringify(incident.decision)).toContain("A freeze is in force");
    },
    SOON_MS,
  );

  it.concurrent(
    "does not end a freeze for the next incident of the same process either",
    async (context) => {
      const { expect } = context;
      const freeze = `freezes:\n  - from: ${isoIn(HOUR_MS / 2)}\n    to: ${isoIn(2 * HOUR_MS)}`;
      const { machine, agent } = await start(context, { policy: freeze });
      await agent.shift(HOUR_MS);
      await agent.handle(snsEvent(alarmMessage({ NewStateValue: "OK" })));
      await agent.shift(-HOUR_MS);

      const incident = only(await agent.handle(snsEvent(alarmMessage())));

      expect(machine.aws.mutations()).toEqual([]);
      expect(JSON.stringify(incident.decision)).toContain("A freeze is in force");
    },
    SOON_MS,
  );

  it.concurrent(
    "does not end a cooldown",
    async (context) => {
      const { expect } = context;
      const { machine, agent } = await start(context, {
        timing: { decayMinutes: 0, verifyTimeoutSeconds: 2 },
        policy: "limits:\n  confidenceThreshold: 0.6",
      });
      machine.aws.on("StopTask", json({ task: {} }));
      await agent.shift(HOUR_MS);
      const first = only(await agent.handle(snsEvent(alarmMessage())));
      await agent.shift(-HOUR_MS);

      const second = only(
        await agent.handle(snsEvent(alarmMessage({ AlarmName: "another", AlarmArn: null }))),
      );

      expect(first).toMatchObject({ status: "escalated", actions: [{ action: "restart" }] });
      expect(second.decision?.trail).toContainEqual(
        expect.objectContaining({ rule: "cooldown", outcome: "refuse" }),
      );
      expect(machine.aws.mutations()).toEqual(["StopTask"]);
    },
    SOON_MS,
  );

  it.concurrent(
    "does not put off the deadline of a question: no answer until then means no, and a late one counts for nothing",
    async (context) => {
      const { expect } = context;
      const { machine, agent } = await start(context, {
        policy: "modes:\n  restart: approve\napprovals:\n  deadlineMinutes: 0.1\n  cliUsers: [ann]",
      });
      const handled = agent.handle(snsEvent(alarmMessage()));
      const store = machine.store();
      context.onTestFinished(() => store.close());
      const question = await until(async () => (await store.unanswered())[0]);
      await agent.shift(-HOUR_MS);

      const incident = only(await handled);
      const late = await agent.approve(question.incidentId, question.planHash);

      expect(["past-deadline", "already-answered"]).toContain(late.outcome);
      expect(incident).toMatchObject({ status: "escalated", approval: { answer: { verdict: "expired" } } });
      expect(machine.aws.mutations()).toEqual([]);
    },
    SOON_MS,
  );
});

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(50);
  }
}
