import { describe, expect, it } from "vitest";
import type { ActionRecord } from "../../../src/domain/action-record.ts";
import type { Reservation } from "../../../src/domain/reservation.ts";
import { admission } from "./admissions.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const action: ActionRecord = {
  incidentId: "inc-1",
  cluster: "production",
  service: "payment-service",
  action: "restart",
  cause: "memory-leak",
  at: minute(0),
};

type Limits = Reservation["limits"];
const LIMITS: Limits = { cooldownMinutes: 10, actionsPerHour: 3, blastRadiusServices: 5 };

/** A booking of the sample action, changed as told. */
const booking = (
  record: Partial<ActionRecord> = {},
  { approved = false, atWorkMinutes = 30, ...limits }: Partial<Reservation & Limits> = {},
): Reservation => ({
  record: { ...action, ...record },
  limits: { ...LIMITS, ...limits },
  approved,
  atWorkMinutes,
});

const GRANTED = { granted: true };
const refusedBy = (rule: string) => ({ granted: false, rule, reason: expect.any(String) });

/** What every store does with claims, bookings and past actions. */
export function actionLedgerContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  describe("claims", () => {
    it("grants a claim to its first caller ever", async () => {
      const first = await store().claim("inc-1/act/restart/task-1", action.at);
      const again = await store().claim("inc-1/act/restart/task-1", action.at);
      const elsewhere = await (await under().reopen()).claim("inc-1/act/restart/task-1", action.at);
      const other = await store().claim("inc-1/act/restart/task-2", action.at);

      expect([first, again, elsewhere, other]).toEqual([true, false, false, true]);
    });

    it("tells claims apart whatever their keys contain", async () => {
      const keys = ["a", "A", "a ", "", "ä", "a\u0308", "password=one", "password=two"];

      const granted = await Promise.all(keys.map((key) => store().claim(key, action.at)));

      expect(granted).toEqual(keys.map(() => true));
    });

    it("grants each claim once among several processes", async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `claim-${index}`);

      const claims = keys.map((key) => ({ method: "claim", args: [key, action.at] }) as const);
      const granted = await under().inProcesses([claims, claims, claims, claims]);

      const wins = keys.map((_, index) => granted.filter((results) => results[index] === true).length);
      expect(wins).toEqual(keys.map(() => 1));
    });
  });

  describe("past actions", () => {
    it("answers the actions since a time, of all services, oldest first", async () => {
      const early = { ...action, incidentId: "inc-0", at: "2026-11-23T06:59:59Z" };
      const other = { ...action, service: "cart", at: "2026-11-23T07:30:00Z" };
      await store().recordAction(other);
      await store().recordAction(action);
      await store().recordAction(early);

      expect(await store().actionsSince("2026-11-23T07:00:00Z")).toEqual([action, other]);
      expect(await store().actionsSince("2026-11-23T06:00:00Z")).toEqual([early, action, other]);
      expect(await store().actionsSince("2026-11-23T09:00:00.000+01:00")).toEqual([]);
    });

    it("counts an action of an incident once, with its latest time and its verdict", async () => {
      const later = { ...action, at: "2026-11-23T07:00:40.000Z" };
      await store().recordAction(action);
      await store().recordAction(later);
      await store().recordAction({ ...action, verified: false, restedOn: ["metric memory"] });
      await store().recordAction(later);

      expect(await store().actionsSince(action.at)).toEqual([
        { ...later, verified: false, restedOn: ["metric memory"] },
      ]);
      expect(await store().actionsSince(later.at)).toHaveLength(1);
    });

    it("keeps different actions of one incident apart", async () => {
      await store().recordAction(action);
      await store().recordAction({ ...action, action: "scale" });
      await store().recordAction({ ...action, incidentId: "inc-2" });

      expect(await store().actionsSince(action.at)).toHaveLength(3);
    });

    it("keeps names that guardrails compare as they are", async () => {
      const named = { ...action, service: "token-service", cluster: "10.0.0.1" };

      await store().recordAction(named);

      expect(await store().actionsSince(action.at)).toEqual([named]);
    });

    it("refuses to compare with what is no time", async () => {
      expect(await thrownBy(store().actionsSince("recently"))).toMatchObject({ code: "store-failed" });
      expect(await thrownBy(store().recordAction({ ...action, at: "now" }))).toMatchObject({
        code: "store-failed",
      });
    });
  });

  describe("a booking", () => {
    const reserve = (...parts: Parameters<typeof booking>) => store().reserve(booking(...parts));
    const past = (record: Partial<ActionRecord>) => store().recordAction({ ...action, ...record });

    it("that is granted counts as an action", async () => {
      expect(await reserve()).toEqual(GRANTED);
      expect(await store().actionsSince(minute(0))).toEqual([action]);
    });

    it("asked for again by its incident is granted and changes nothing", async () => {
      await reserve();

      const again = await reserve({ at: minute(1), cause: "oom-kill" });

      expect(again).toEqual(GRANTED);
      expect(await store().actionsSince(minute(0))).toEqual([action]);
    });

    it("of another action by the same incident is granted", async () => {
      await reserve();

      expect(await reserve({ action: "scale", at: minute(1) })).toEqual(GRANTED);
      expect(await store().actionsSince(minute(0))).toHaveLength(2);
    });

    it("is refused in the cooldown of another incident's action, and leaves no trace", async () => {
      await past({ incidentId: "inc-0", verified: true });

      expect(await reserve({ at: minute(9.9) })).toEqual(refusedBy("cooldown"));
      expect(await store().actionsSince(minute(0))).toHaveLength(1);
      expect(await reserve({ at: minute(10) })).toEqual(GRANTED);
    });

    it("is refused while another incident is at work, also after the cooldown", async () => {
      await past({ incidentId: "inc-0" });

      expect(await reserve({ at: minute(29) })).toEqual(refusedBy("cooldown"));
      expect(await reserve({ at: minute(30) })).toEqual(GRANTED);
    });

    it("is refused over the hourly budget, unless a person approved it", async () => {
      for (const [id, at] of [
        ["inc-a", -59],
        ["inc-b", -40],
        ["inc-c", -20],
      ] as const) {
        await past({ incidentId: id, at: minute(at), verified: true });
      }

      expect(await reserve()).toEqual(refusedBy("action-budget"));
      expect(await reserve({}, { approved: true })).toEqual(GRANTED);
      expect(await reserve({ incidentId: "inc-9", service: "cart" })).toEqual(GRANTED);
    });

    it("is refused outside the blast radius, also with an approval", async () => {
      await past({ incidentId: "inc-a", service: "a", verified: true });
      await past({ incidentId: "inc-b", service: "b", verified: true });

      const narrow = { blastRadiusServices: 2 };
      expect(await reserve({ at: minute(9) }, narrow)).toEqual(refusedBy("blast-radius"));
      expect(await reserve({ at: minute(9) }, { ...narrow, approved: true })).toEqual(
        refusedBy("blast-radius"),
      );
      expect(await reserve({ at: minute(10) }, narrow)).toEqual(GRANTED);
    });

    it("sees actions of the future, which a clock that jumped back leaves behind", async () => {
      await past({ incidentId: "inc-0", at: minute(600), verified: true });

      expect(await reserve()).toEqual(refusedBy("cooldown"));
    });

    it("looks back as far as the longest limit", async () => {
      await past({ incidentId: "inc-0", at: minute(-180), verified: true });
      await past({ incidentId: "inc-1", service: "cart", at: minute(-100) });

      expect(await reserve({}, { cooldownMinutes: 181 })).toEqual(refusedBy("cooldown"));
      expect(await reserve({ incidentId: "inc-2", service: "cart" }, { atWorkMinutes: 101 })).toEqual(
        refusedBy("cooldown"),
      );
    });

    it("is refused for an incident whose place another one holds, also if it was booked", async () => {
      const [mine, theirs] = [admission(), admission({ alarm: "cpu", engine: "engine-b", at: 6 })];
      await store().attachOrOpen(mine);
      await reserve({ incidentId: mine.incidentId });
      await store().attachOrOpen(theirs);

      expect(await reserve({ incidentId: mine.incidentId })).toEqual(refusedBy("superseded"));
      expect(await reserve({ incidentId: "inc-never-admitted" })).toEqual(refusedBy("superseded"));
      expect(await reserve({ incidentId: mine.incidentId, service: "cart" })).toEqual(GRANTED);
      const late = { incidentId: theirs.incidentId, at: minute(60) };
      expect(await reserve(late)).toEqual(GRANTED);
    });

    it("is not held back by an incident that has ended", async () => {
      const theirs = admission();
      await store().attachOrOpen(theirs);
      await store().releaseLock(theirs.incidentId, { at: minute(1), decayUntil: minute(6) });

      expect(await reserve({ at: minute(2) })).toEqual(GRANTED);
    });

    it("at what is no time is a fault", async () => {
      expect(await thrownBy(reserve({ at: "now" }))).toMatchObject({ code: "store-failed" });
      expect(await store().actionsSince(minute(-9999))).toEqual([]);
    });
  });

  describe("bookings from several processes at once", () => {
    /** Each booking in one of four processes; answers how many were granted, and what each refusal says. */
    const outcomes = async (bookings: readonly Reservation[]) => {
      const work = [0, 1, 2, 3].map((process) =>
        bookings
          .filter((_, index) => index % 4 === process)
          .map((one) => ({ method: "reserve", args: [one] }) as const),
      );
      const results = (await under().inProcesses(work)).flat();
      const rules = results.map((result) => (result as { rule?: string }).rule ?? "granted");
      return {
        granted: rules.filter((rule) => rule === "granted").length,
        refusals: new Set(rules.filter((rule) => rule !== "granted")),
        booked: (await store().actionsSince(minute(-60))).length,
      };
    };
    const many = (
      count: number,
      record: (index: number) => Partial<ActionRecord>,
      limits?: Partial<Limits>,
    ) =>
      Array.from({ length: count }, (_, index) =>
        booking({ incidentId: `inc-${index}`, ...record(index) }, { atWorkMinutes: 0, ...limits }),
      );

    it("of one service are granted once", async () => {
      const got = await outcomes(many(16, () => ({})));

      expect(got).toEqual({ granted: 1, refusals: new Set(["cooldown"]), booked: 1 });
    });

    it("keep to the hourly budget", async () => {
      const got = await outcomes(many(16, () => ({}), { cooldownMinutes: 0 }));

      expect(got).toEqual({ granted: 3, refusals: new Set(["action-budget"]), booked: 3 });
    });

    it("keep to the blast radius", async () => {
      const got = await outcomes(many(16, (index) => ({ service: `service-${index}` })));

      expect(got).toEqual({ granted: 5, refusals: new Set(["blast-radius"]), booked: 5 });
    });
  });
}
