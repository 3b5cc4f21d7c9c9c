/** After an incident was left to people: the fault's other alarms belong to it, and are looked into. */
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/domain/alert.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { createSmallWorld, fastClock } from "../support/small-world.ts";
import { type Setting, startWorkflow } from "../support/workflow.ts";

const SETTLING = { settleSeconds: 30, verifyTimeoutSeconds: 60 };

/** Runs an incident that settles, with what happens once people were told of it. */
async function settle(
  setting: Setting,
  onTold: (running: ReturnType<typeof startWorkflow>) => Promise<unknown>,
) {
  const { timing, ...policy } = setting.policy ?? {};
  let meanwhile: Promise<unknown> | undefined;
  const running = startWorkflow({
    ...setting,
    policy: { ...policy, timing: { ...SETTLING, ...Object(timing) } },
    notify: () => {
      // A report is told of before its step has ended.
      meanwhile ??= new Promise((resolve) => setTimeout(resolve, 40)).then(() => onTold(running));
    },
  });
  const incident = await running.settle();
  await meanwhile;
  return { ...running, incident };
}

function other(running: { readonly world: { alert(given: { key: string }): Alert } }, name: string): Alert {
  const alert = running.world.alert({ key: name });
  return { ...alert, title: name, alarm: { ...alert.alarm, name } };
}

const BLIND_AT_FIRST = { trouble: "leak", blindUntilTold: true } as const;

describe("alarms that fire after people were told", () => {
  it("belong to the incident, and nobody is told again where they say nothing new", async () => {
    const joined: Incident[] = [];
    const { incident, reports, store } = await settle({ trouble: "down" }, async (running) => {
      for (const name of ["latency", "unhealthy"]) joined.push(await running.handle(other(running, name)));
    });

    expect(incident).toMatchObject({ status: "escalated", diagnosis: { cause: "dependency-down" } });
    expect(joined.map(({ joinedTo }) => joinedTo)).toEqual([incident.id, incident.id]);
    expect(incident.joined?.map(({ alarm, kind }) => `${kind} ${alarm}`)).toEqual([
      "joined latency",
      "joined unhealthy",
    ]);
    expect(reports).toHaveLength(1);
    expect(await store.list()).toEqual([incident]);
    expect(incident.timeline.map(({ event }) => event)).toContain("alarm-joined");
  });

  it("lead to an action where they show what can be mended, and people are told of it", async () => {
    const cleared: string[] = [];
    const { incident, reports, store, world } = await settle(
      {
        ...BLIND_AT_FIRST,
        pager: {
          name: "pager",
          page: async () => true,
          resolvePage: async (id) => void cleared.push(id),
        },
      },
      (running) => running.handle(other(running, "running-low")),
    );

    expect(reports.map(({ id, status }) => `${id} ${status}`)).toEqual([
      `${incident.id} escalated`,
      `${incident.id} resolved`,
    ]);
    expect(world.changes()).toEqual(["stop a"]);
    expect(incident.verification?.checks.map(({ condition, met }) => `${condition} ${met}`)).toContain(
      "joined-alarms-ok true",
    );
    expect(await store.get(incident.id)).toEqual(incident);
    expect(cleared).toContain(incident.id);
  });

  it("leave what people were told as it is where the look says nothing", async () => {
    let told = false;
    const blindLater = (call: string) => {
      if (call === "notifier.notify") told = true;
      if (call === "logs.lines" && told) throw new Error("throttled");
    };
    const { incident, reports } = await settle(
      { trouble: "down", hook: { before: blindLater, after: () => {} } },
      (running) => running.handle(other(running, "latency")),
    );

    expect(incident.timeline.map(({ event }) => event)).toContain("alarm-joined");
    expect(incident.timeline.map(({ detail }) => detail).join()).toContain("unknown (");
    expect(incident.diagnosis?.cause).toBe("dependency-down");
    expect(reports).toHaveLength(1);
  });

  it("are looked into where CloudWatch does not know them, too", async () => {
    const { incident, world } = await settle(BLIND_AT_FIRST, (running) => {
      const { alarm: _, ...alert } = running.world.alert({ key: "event" });
      return running.handle({ ...alert, source: "ecs-event", title: "A task of shop stopped" });
    });

    expect(incident.timeline.find(({ event }) => event === "alarm-joined")?.detail).toContain(
      "A task of shop",
    );
    expect(world.changes()).toEqual(["stop a"]);
  });

  it("are only noted where they have gone back to OK", async () => {
    const { incident, reports } = await settle({ trouble: "down" }, async (running) => {
      running.world.log.add({ at: fastClock() - 2_000, what: "calm", detail: "" });
      await running.handle(other(running, "latency"));
    });

    expect(incident.joined).toMatchObject([{ alarm: "latency" }]);
    expect(incident.timeline.map(({ event }) => event)).not.toContain("alarm-joined");
    expect(reports).toHaveLength(1);
  });

  it("are only noted where a person has said no", async () => {
    const asked: string[] = [];
    const { incident, reports } = await settle(
      {
        trouble: "leak",
        policy: { modes: { restart: "approve" }, approvals: { deadlineMinutes: 0.1 } },
        onAsked: ({ id }) => void asked.push(id),
      },
      (running) => running.handle(other(running, "latency")),
    );

    expect(incident).toMatchObject({ status: "escalated", approval: { answer: { verdict: "expired" } } });
    expect(incident.joined).toMatchObject([{ alarm: "latency" }]);
    expect(asked).toHaveLength(1);
    expect(reports).toHaveLength(1);
  });

  it("belong to it in mode observe, too", async () => {
    const { incident, reports, world } = await settle({ trouble: "leak", ceiling: "observe" }, (running) =>
      running.handle(other(running, "latency")),
    );

    expect(incident).toMatchObject({ status: "observed", joined: [{ alarm: "latency" }] });
    expect(reports).toHaveLength(1);
    expect(world.changes()).toEqual([]);
  });

  it("are acted on as the rules say, also where a model was asked of the first", async () => {
    const asked: string[] = [];
    const { incident, world } = await settle(
      {
        ...BLIND_AT_FIRST,
        policy: { approvals: { deadlineMinutes: 0.1 } },
        onAsked: ({ id }) => void asked.push(id),
        model: () => ({
          ask: async ({ user }) => ({
            text: JSON.stringify({
              cause: "unknown",
              rootCause: "It cannot be said.",
              action: "none",
              confidence: 0.3,
              severity: "P3",
              rca: "It cannot be said.",
              evidence: [/\bE\d+\b/.exec(user)?.[0] ?? "E1"],
              against: [],
              ruledOut: [],
              missing: [],
              nextSteps: [],
              more: [],
            }),
            usage: {
              model: "a-model",
              inputTokens: 1,
              outputTokens: 1,
              costUsd: 0,
              calls: 1,
              milliseconds: 1,
            },
          }),
        }),
      },
      (running) => running.handle(other(running, "running-low")),
    );

    expect(incident.diagnosis?.by).toBe("rules");
    expect(asked).toEqual([]);
    expect(incident.decision).toMatchObject({ kind: "act", action: "restart" });
    expect(world.changes()).not.toEqual([]);
  });
});

describe("an incident takes nothing new", () => {
  it("once it has settled", async () => {
    const running = startWorkflow({ trouble: "down", policy: { timing: { settleSeconds: 1 } } });
    const first = await running.settle();

    const second = await running.handle(other(running, "latency"));

    expect(second.joinedTo).toBeUndefined();
    expect(second.id).not.toBe(first.id);
  });

  it.each([
    ["resolved", "leak"],
    ["no fault", "blip"],
  ] as const)("where it came to this: %s", async (_, trouble) => {
    const world = createSmallWorld({ trouble });
    if (trouble === "blip") world.log.add({ at: fastClock(), what: "calm", detail: "" });
    let next: Incident | undefined;

    const { incident } = await settle({ trouble, world }, async (running) => {
      next = await running.handle(other(running, "latency"));
    });

    expect(next?.closedAt).toBeDefined();
    expect(next?.joinedTo).toBeUndefined();
    expect(incident.joined).toBeUndefined();
  });
});
