/** How paths through the workflow are played: the alarms that come, and what people and the world do meanwhile. */
import type { Approval } from "../../src/domain/approval.ts";
import { SOON } from "../support/dependencies.ts";
import { createSmallWorld, fastClock, inMemoryLog } from "../support/small-world.ts";
import { type Hook, type Running, type Setting, startWorkflow } from "../support/workflow.ts";

/** Plays a path to its end. */
export type Play = () => Promise<Pick<Running, "engine">>;

type Reply = (question: Approval, running: Running) => Promise<unknown>;

/** One alarm, and what a person or the world does once a question was put. */
export function alarm(setting: Setting, reply?: Reply, ending: "handle" | "settle" = "handle"): Play {
  return async () => {
    let meanwhile: Promise<unknown> = Promise.resolve();
    const running: Running = startWorkflow({
      ...setting,
      onAsked: (question) => {
        if (reply !== undefined) meanwhile = later().then(() => reply(question, running));
      },
    });
    await running[ending]();
    await meanwhile;
    return running;
  };
}

/** Until the step that is under way has ended: a channel is asked, and people are told, before that is recorded. */
const later = () => new Promise((resolve) => setTimeout(resolve, 40));

export const answer =
  (verdict: "approved" | "denied"): Reply =>
  async (question, { store, engine }) => {
    const by = { channel: "cli", id: "maria" } as const;
    const at = new Date(fastClock()).toISOString();
    await store.answer(question.id, question.planHash, { verdict, at, by });
    await engine.completeCallback(question.callbackId, JSON.stringify(verdict));
  };

/** The alarm is OK again while a person is asked. */
export const clears: Reply = async (_, running) => {
  running.world.log.add({ at: fastClock(), what: "calm", detail: "" });
  await running.handle(running.world.alert({ key: "ok", state: "OK" }));
};

/** Fails calls of ports, each from its `from`th call on, and no more after its `to`th. */
export function failing(
  ...faults: readonly { readonly call: RegExp; readonly from?: number; readonly to?: number }[]
): Hook {
  const counts = faults.map(() => 0);
  return {
    before: (call) => {
      faults.forEach((fault, index) => {
        if (!fault.call.test(call)) return;
        const count = (counts[index] ?? 0) + 1;
        counts[index] = count;
        if (count >= (fault.from ?? 1) && count <= (fault.to ?? count)) throw new Error(`${call} failed`);
      });
    },
  };
}

/** Once an action was called, what matches cannot be read. */
export function blindAfterActing(pattern: RegExp): Hook {
  let acted = false;
  return {
    before: (call) => {
      if (acted && pattern.test(call)) throw new Error("The network is gone.");
      acted ||= call.startsWith("actuator.");
    },
  };
}

export const ASKS = { modes: { restart: "approve" } };
export const EXPIRES = { approvals: { deadlineMinutes: 0.2 } };

/** The first fault stays as it is after its restart; then a bad revision is what is wrong. */
export const secondFault =
  (reply: Reply | undefined): Play =>
  async () => {
    const world = createSmallWorld({ trouble: "leak", curable: false });
    Object.assign(world.readers, { deploymentHistory: { deployments: async () => [] } });
    let became = false;
    const becomeAnother = () => {
      became = true;
      const log = inMemoryLog();
      for (const born of world.log.all().slice(0, 1)) log.add(born);
      const next = createSmallWorld({ trouble: "bad-deploy", log });
      const { ecs, metrics, logs, alarms, deploymentHistory } = next.readers;
      Object.assign(world.readers.ecs, ecs);
      Object.assign(world.readers.metrics, metrics);
      Object.assign(world.readers.logs, logs);
      Object.assign(world.readers.alarms, alarms);
      Object.assign(world.readers.deploymentHistory ?? {}, deploymentHistory);
      Object.assign(world.actuator, next.actuator);
    };
    const hook: Hook = {
      before: (call) => {
        if (call === "store.recordAction" && !became) becomeAnother();
      },
    };
    return alarm({ world, hook, policy: { timing: SOON, ...(reply === undefined ? EXPIRES : {}) } }, reply)();
  };

/** People were told, and the incident stays for the fault's other alarms. */
export function settling(setting: Setting, onTold?: (running: Running) => Promise<unknown>): Play {
  return async () => {
    const { timing, ...policy } = setting.policy ?? {};
    let meanwhile: Promise<unknown> | undefined;
    const times = { settleSeconds: 30, verifyTimeoutSeconds: 60, ...Object(timing) };
    const running: Running = startWorkflow({
      ...setting,
      policy: { ...policy, timing: times },
      notify: () => {
        meanwhile ??= later().then(() => onTold?.(running));
      },
    });
    await running.settle();
    await meanwhile;
    return running;
  };
}

export const anotherAlarm = (running: Running) => {
  const alert = running.world.alert({ key: "late" });
  return running.handle({ ...alert, title: "latency", alarm: { ...alert.alarm, name: "latency" } });
};

/** An alarm, and the same one again inside of the decay window. */
export function refire(setting: Setting): Play {
  return async () => {
    const running = startWorkflow(setting);
    await running.handle(running.world.alert({ key: "first" }));
    await running.handle(running.world.alert({ key: "again" }));
    return running;
  };
}

export const noted =
  (state: "OK" | "INSUFFICIENT_DATA"): Play =>
  async () => {
    const running = startWorkflow({ trouble: "leak" });
    await running.handle(running.world.alert({ state }));
    return running;
  };

export const plain =
  (setting: Setting, milliseconds: number): Play =>
  async () => {
    const running = startWorkflow(setting);
    await running.handle(running.world.alert(), new Date(fastClock() + milliseconds).toISOString());
    return running;
  };

export async function joined(): Promise<Running> {
  const running: Running = startWorkflow({
    trouble: "leak",
    policy: ASKS,
    onAsked: (question) => void join(question),
  });
  const over = Promise.withResolvers<void>();
  const join = async (question: Approval) => {
    await later();
    await running.handle(running.world.alert({ key: "joins" }));
    await answer("approved")(question, running);
    over.resolve();
  };
  await running.handle();
  await over.promise;
  return running;
}

export async function withoutTarget(): Promise<Running> {
  const running = startWorkflow({ trouble: "leak" });
  const { target: _, ...alert } = running.world.alert();
  await running.handle({ ...alert, targetProblem: "The alarm names no ECS service." });
  return running;
}

export async function passingTrouble(): Promise<Running> {
  const world = createSmallWorld({ trouble: "blip" });
  const [born] = world.log.all();
  let calm = false;
  const after = (call: string) => {
    if (call !== "metrics.series" || calm) return;
    calm = true;
    world.log.add({ at: born?.at ?? 0, what: "calm", detail: "" });
  };
  const running = startWorkflow({ world, hook: { after } });
  await running.handle(world.alert({ key: "first" }));
  await running.handle(world.alert({ key: "noise-again" }));
  return running;
}

/** The answer was in time, but is only read long after the deadline: the machine slept. */
export const readLate: Play = async () => {
  const { now } = Date;
  let reads = 0;
  const before = (call: string) => {
    if (call === "store.approval" && ++reads === 2) Date.now = () => now() + SLEPT_MS;
  };
  try {
    const policy = { approvals: { deadlineMinutes: 5 } };
    return await alarm({ trouble: "bad-deploy", policy, hook: { before } }, answer("approved"))();
  } finally {
    Date.now = now;
  }
};

/** Twelve minutes of the small world: past the deadline, and the five minutes for which an answer is still read. */
const SLEPT_MS = 15_000;

export const brokenModel: NonNullable<Setting["model"]> = () => ({
  ask: () => Promise.reject(new Error("The model cannot be reached.")),
});

/** The task is stopped by somebody else between the booking and the call. */
export const goneOnceBooked: Play = () => {
  const world = createSmallWorld({ trouble: "leak" });
  const after = (call: string) => {
    if (call === "store.reserve") world.log.add({ at: fastClock(), what: "stop", detail: "a|by hand" });
  };
  return alarm({ world, hook: { after } })();
};

/** Somebody else has gone back to the revision before when the yes comes. */
export const goneBackMeanwhile: Reply = async (question, running) => {
  running.world.log.add({ at: fastClock(), what: "back", detail: "by hand" });
  await answer("approved")(question, running);
};

/** Somebody else sets another count once people were told. */
export const changedWhenTold: Play = () => {
  const world = createSmallWorld({ trouble: "spike" });
  const notify = () => world.log.add({ at: fastClock(), what: "desire", detail: "7" });
  return alarm({ world, notify })();
};
