import { describe, expect, it } from "vitest";
import type { GroupingRequest } from "../../../src/domain/alert-grouping.ts";
import type { IncidentLocks } from "../../../src/domain/ports.ts";
import { admission } from "./admissions.ts";
import { minute } from "./store-under-test.ts";

/** What every {@link IncidentLocks} does, also one that keeps nothing beyond its process. */
export function openIncidentsContract(opened: () => IncidentLocks): void {
  const attachOrOpen = (knock: Parameters<typeof admission>[0]) => opened().attachOrOpen(admission(knock));
  const releaseLock = (incidentId: string, at: number, decayUntil: number) =>
    opened().releaseLock(incidentId, { at: minute(at), decayUntil: minute(decayUntil) });
  const openIds = async () => (await opened().open()).map((open) => open.incidentId);
  const first: GroupingRequest = admission();

  describe("the same alert again", () => {
    it("is opened for its engine each time, and listed once", async () => {
      const answers = [await attachOrOpen({}), await attachOrOpen({ at: 1 }), await attachOrOpen({ at: 60 })];

      expect(answers).toEqual([{ kind: "opened" }, { kind: "opened" }, { kind: "opened" }]);
      expect(await openIds()).toEqual([first.incidentId]);
    });

    it("is opened for its engine after the end too, without opening the place again", async () => {
      await attachOrOpen({});
      await releaseLock(first.incidentId, 3, 8);

      expect(await attachOrOpen({ at: 4 })).toEqual({ kind: "opened" });
      expect(await openIds()).toEqual([]);
      expect(await opened().extendLock(first.incidentId, minute(60))).toBe(false);
    });

    it("is elsewhere for another engine while the first is alive", async () => {
      await attachOrOpen({});

      expect(await attachOrOpen({ engine: "engine-b", at: 4.9 })).toEqual({
        kind: "elsewhere",
        incidentId: first.incidentId,
      });
    });

    it("goes to another engine when the first has fallen silent", async () => {
      await attachOrOpen({});

      const taken = await attachOrOpen({ engine: "engine-b", at: 5, aliveUntil: 20 });
      const back = await attachOrOpen({ at: 6 });
      const third = await attachOrOpen({ engine: "engine-c", at: 19 });

      const elsewhere = { kind: "elsewhere", incidentId: first.incidentId };
      expect([taken, back, third]).toEqual([{ kind: "opened" }, elsewhere, elsewhere]);
      expect(await opened().open()).toEqual([
        { ...openOf(first), engine: "engine-b", aliveUntil: minute(20) },
      ]);
    });

    it("goes to no other engine once its incident has ended", async () => {
      await attachOrOpen({});
      await releaseLock(first.incidentId, 3, 8);

      expect(await attachOrOpen({ engine: "engine-b", at: 90 })).toMatchObject({ kind: "elsewhere" });
    });

    it("goes to no other engine once its incident has lost its place", async () => {
      await attachOrOpen({});
      await attachOrOpen({ alarm: "cpu", engine: "engine-b", at: 6 });

      expect(await attachOrOpen({ engine: "engine-b", at: 90 })).toMatchObject({ kind: "elsewhere" });
      expect(await attachOrOpen({ at: 90 })).toEqual({ kind: "opened" });
    });

    it("belongs to the first incident when it comes under another id", async () => {
      await attachOrOpen({});

      const elsewhere = { kind: "elsewhere", incidentId: first.incidentId };
      expect(await attachOrOpen({ incidentId: "inc-other" })).toEqual(elsewhere);
      expect(await attachOrOpen({ incidentId: "inc-other", engine: "engine-b", at: 90 })).toEqual(elsewhere);
      expect(await openIds()).toEqual([first.incidentId]);
    });
  });

  describe("another alert of a place that has an open incident", () => {
    it("joins it, whoever asks, and is told so again", async () => {
      await attachOrOpen({});

      const cpu = await attachOrOpen({ alarm: "cpu", at: 1 });
      const form = await attachOrOpen({ alarm: null, engine: "engine-b", at: 2 });
      const again = await attachOrOpen({ alarm: "cpu", engine: "engine-c", at: 90 });

      const joined = { kind: "joined", incidentId: first.incidentId };
      expect([cpu, form, again]).toEqual([joined, joined, joined]);
      expect(await opened().joined(first.incidentId)).toEqual([
        {
          key: "cpu/payment-service/1",
          title: "cpu of payment-service",
          alarm: "cpu",
          state: "ALARM",
          firedAt: minute(1),
          joinedAt: minute(1),
          kind: "joined",
        },
        {
          key: "form/payment-service/1",
          title: "something of payment-service",
          state: "ALARM",
          firedAt: minute(2),
          joinedAt: minute(2),
          kind: "joined",
        },
      ]);
    });

    it("joins its own engine's incident although that was silent: the engine that asks will go on", async () => {
      await attachOrOpen({});

      expect(await attachOrOpen({ alarm: "cpu", at: 60 })).toMatchObject({ kind: "joined" });
    });

    it("supersedes the incident of another engine that has fallen silent", async () => {
      await attachOrOpen({});
      await attachOrOpen({ alarm: "latency", at: 1 });

      const cpu = await attachOrOpen({ alarm: "cpu", engine: "engine-b", at: 5 });

      expect(cpu).toEqual({ kind: "opened" });
      expect(await opened().extendLock(first.incidentId, minute(60))).toBe(false);
      expect(await openIds()).toEqual([first.incidentId, "inc cpu/payment-service/1"]);
    });

    it("leaves the superseded incident's end without effect on the place", async () => {
      await attachOrOpen({});
      await attachOrOpen({ alarm: "latency", at: 1 });
      await attachOrOpen({ alarm: "cpu", engine: "engine-b", at: 5, aliveUntil: 30 });

      const joined = await releaseLock(first.incidentId, 6, 11);

      expect(joined.map((alert) => alert.alarm)).toEqual(["latency"]);
      expect(await openIds()).toEqual(["inc cpu/payment-service/1"]);
      expect(await attachOrOpen({ alarm: "disk", at: 7 })).toEqual({
        kind: "joined",
        incidentId: "inc cpu/payment-service/1",
      });
    });

    it("still joins after a clock that jumped back", async () => {
      await attachOrOpen({});

      expect(await attachOrOpen({ alarm: "cpu", engine: "engine-b", at: -600 })).toMatchObject({
        kind: "joined",
      });
    });

    it("is not mixed up with alerts of other places", async () => {
      await attachOrOpen({});

      expect(await attachOrOpen({ service: "cart", at: 1 })).toEqual({ kind: "opened" });
      expect(await attachOrOpen({ service: "Payment-service", at: 1 })).toEqual({ kind: "opened" });
      expect(await openIds()).toHaveLength(3);
    });
  });

  describe("an alert after the end", () => {
    /** The memory alarm opened it, the cpu alarm joined it; it ended at minute 3 and decays until 8. */
    const ended = async () => {
      await attachOrOpen({});
      await attachOrOpen({ alarm: "cpu", at: 1 });
      await releaseLock(first.incidentId, 3, 8);
    };
    const refire = { change: "2", at: 7 };
    const refireId = "inc memory/payment-service/2";
    const refired = { kind: "refired", incidentId: first.incidentId, until: minute(8) };

    it.each(["memory", "cpu"])(
      "of its %s alarm is a re-fire, which the ended incident knows",
      async (alarm) => {
        await ended();

        const answer = await attachOrOpen({ ...refire, alarm });

        expect(answer).toEqual(refired);
        expect(await opened().joined(first.incidentId)).toMatchObject([
          { alarm: "cpu", kind: "joined" },
          { alarm, kind: "refired", joinedAt: minute(7) },
        ]);
      },
    );

    it("as a re-fire holds the place", async () => {
      await ended();
      await attachOrOpen(refire);

      const next = await attachOrOpen({ alarm: "cpu", change: "2", engine: "engine-b", at: 7.5 });

      expect(next).toEqual({ kind: "joined", incidentId: refireId });
      expect(await openIds()).toEqual([refireId]);
      expect(await opened().extendLock(refireId, minute(20))).toBe(true);
    });

    it("as a re-fire gets the same answer again, and is elsewhere for others", async () => {
      await ended();
      await attachOrOpen(refire);

      expect(await attachOrOpen({ ...refire, at: 9 })).toEqual(refired);
      expect(await attachOrOpen({ ...refire, engine: "engine-b", at: 9 })).toEqual({
        kind: "elsewhere",
        incidentId: refireId,
      });
    });

    it("as a re-fire goes to another engine when the first has fallen silent", async () => {
      await ended();
      await attachOrOpen(refire);

      expect(await attachOrOpen({ ...refire, engine: "engine-b", at: 12 })).toEqual(refired);
      expect(await opened().open()).toMatchObject([{ incidentId: refireId, engine: "engine-b" }]);
      expect(await attachOrOpen({ ...refire, at: 13 })).toMatchObject({ kind: "elsewhere" });
    });

    it.each([
      ["of a new alarm", { alarm: "latency", at: 4 }],
      ["without an alarm", { alarm: null, at: 4 }],
      ["of its alarm, its decay window being over", { change: "2", at: 8 }],
    ])("opens an incident: %s", async (_, knock) => {
      await ended();

      expect(await attachOrOpen(knock)).toEqual({ kind: "opened" });
      expect(await opened().joined(first.incidentId)).toHaveLength(1);
    });

    it("is a re-fire after a clock that jumped back to before the end", async () => {
      await ended();

      expect(await attachOrOpen({ change: "2", at: -600 })).toEqual(refired);
    });

    it("is a re-fire of the newest incident only", async () => {
      await ended();
      await attachOrOpen({ alarm: "latency", at: 4 });
      await releaseLock("inc latency/payment-service/1", 5, 10);

      expect(await attachOrOpen({ change: "2", at: 6 })).toEqual({ kind: "opened" });
    });
  });

  describe("keeping open", () => {
    it("puts off the time from which others may take over", async () => {
      await attachOrOpen({});

      const kept = await opened().extendLock(first.incidentId, minute(30));

      expect(kept).toBe(true);
      expect(await opened().open()).toMatchObject([{ aliveUntil: minute(30) }]);
      expect(await attachOrOpen({ alarm: "cpu", engine: "engine-b", at: 29 })).toMatchObject({
        kind: "joined",
      });
      expect(await attachOrOpen({ engine: "engine-b", at: 29 })).toMatchObject({ kind: "elsewhere" });
      expect(await attachOrOpen({ engine: "engine-b", at: 30 })).toEqual({ kind: "opened" });
    });

    it("never brings that time forward", async () => {
      await attachOrOpen({});

      const kept = await opened().extendLock(first.incidentId, minute(1));

      expect(kept).toBe(true);
      expect(await opened().open()).toMatchObject([{ aliveUntil: minute(5) }]);
      expect(await attachOrOpen({ engine: "engine-b", at: 2 })).toMatchObject({ kind: "elsewhere" });
    });

    it("is refused for an incident that ended, and for one nobody knows", async () => {
      await attachOrOpen({});
      await releaseLock(first.incidentId, 3, 8);

      expect(await opened().extendLock(first.incidentId, minute(30))).toBe(false);
      expect(await opened().extendLock("inc-unknown", minute(30))).toBe(false);
    });
  });

  describe("the end", () => {
    it("returns what joined, and again when asked again", async () => {
      await attachOrOpen({});
      await attachOrOpen({ alarm: "cpu", at: 2 });
      await attachOrOpen({ alarm: "disk", at: 1 });

      const [once, again] = [
        await releaseLock(first.incidentId, 3, 8),
        await releaseLock(first.incidentId, 60, 90),
      ];

      expect(once.map((alert) => alert.alarm)).toEqual(["disk", "cpu"]);
      expect(again).toEqual(once);
      expect(await opened().joined(first.incidentId)).toEqual(once);
      expect(await attachOrOpen({ change: "2", at: 8 })).toEqual({ kind: "opened" });
    });

    it("of an incident that was never admitted changes nothing", async () => {
      expect(await releaseLock("inc-unknown", 3, 8)).toEqual([]);
      expect(await opened().joined("inc-unknown")).toEqual([]);
    });
  });

  it("lists what is open, oldest first, each with its alert", async () => {
    const [late, early, done] = [
      admission({ at: 2 }),
      admission({ service: "cart", at: 1 }),
      admission({ service: "orders" }),
    ];
    for (const one of [early, late, done]) await opened().attachOrOpen(one);
    await releaseLock(done.incidentId, 3, 8);

    expect(await opened().open()).toEqual([openOf(early), openOf(late)]);
  });

  it("keeps an alert with everything that is needed to work on it, without secrets in its texts", async () => {
    const alert = {
      title: "key AKIAIOSFODNN7EXAMPLE",
      target: { cluster: "10.0.0.1", service: "token-service" },
      alarm: {
        name: "password=one",
        arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:memory",
        reason: "password=hunter2hunter2",
        description: "call AKIAIOSFODNN7EXAMPLE",
        metric: {
          namespace: "AWS/ECS",
          name: "MemoryUtilization",
          dimensions: { ServiceName: "token-service", ClusterName: "10.0.0.1" },
          statistic: "Average",
          periodSeconds: 60,
        },
        threshold: 90,
      },
      reported: { metric: "memory", value: 4_111_111_111_111_111, threshold: 90 },
    };
    const whole = admission({ alert });

    await opened().attachOrOpen(whole);

    const [open] = await opened().open();
    expect(JSON.stringify(open)).not.toMatch(/AKIAIOSFODNN7EXAMPLE|hunter2/);
    expect(open?.alert).toEqual({
      ...whole.alert,
      title: expect.stringContaining("[redacted:"),
      alarm: {
        ...alert.alarm,
        reason: expect.stringContaining("[redacted:"),
        description: expect.stringContaining("[redacted:"),
      },
    });
    expect(open?.place).toBe("service 10.0.0.1/token-service");
  });
}

function openOf({ incidentId, place, engine, alert, aliveUntil }: GroupingRequest) {
  return { incidentId, place, engine, alert, aliveUntil };
}
