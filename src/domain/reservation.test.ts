import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActionRecord } from "./action-record.ts";
import {
  BLAST_WINDOW_MINUTES,
  BUDGET_WINDOW_MINUTES,
  judgeReservation,
  type Reservation,
  type ReservationRule,
  reservationWindowMinutes,
} from "./reservation.ts";

const now = Date.parse("2026-11-23T07:00:00.000Z");
const minutesAgo = (minutes: number) => new Date(now - minutes * 60_000).toISOString();

/** Few names, so that they often meet. */
const action: fc.Arbitrary<ActionRecord> = fc.record(
  {
    incidentId: fc.constantFrom("inc-0", "inc-1", "inc-2", "inc-3", "inc-4"),
    cluster: fc.constantFrom("production", "staging"),
    service: fc.constantFrom("payment", "cart", "orders", "search"),
    action: fc.constantFrom("restart", "scale"),
    cause: fc.constant("memory-leak"),
    at: fc.oneof(
      fc.integer({ min: -30, max: 200 }).map(minutesAgo),
      fc.constantFrom(minutesAgo(0), minutesAgo(10), minutesAgo(60), "no time"),
    ),
    verified: fc.boolean(),
  },
  { requiredKeys: ["incidentId", "cluster", "service", "action", "cause", "at"] },
);
const history = fc.array(action, { maxLength: 12 });
const reservation: fc.Arbitrary<Reservation> = fc.record({
  record: action.map(({ verified, ...record }) => ({ ...record, at: minutesAgo(0) })),
  limits: fc.record({
    cooldownMinutes: fc.integer({ min: 0, max: 120 }),
    actionsPerHour: fc.integer({ min: 0, max: 4 }),
    blastRadiusServices: fc.integer({ min: 1, max: 4 }),
  }),
  approved: fc.boolean(),
  atWorkMinutes: fc.integer({ min: 0, max: 90 }),
});

/** The rules once more, in the words of their documentation, to compare with. */
function rulesAgainst(
  { record, limits, approved, atWorkMinutes }: Reservation,
  past: readonly ActionRecord[],
) {
  const others = past.filter((one) => one.incidentId !== record.incidentId);
  const here = others.filter((one) => one.cluster === record.cluster && one.service === record.service);
  const rules = new Set<ReservationRule>();
  // A time in the future, or none at all, is younger than any limit, also one of 0 minutes.
  const unfinished = (one: ActionRecord, minutes: number) => {
    const age = (Date.parse(record.at) - Date.parse(one.at)) / 60_000;
    return Number.isNaN(age) || age < minutes;
  };
  if (here.some((one) => unfinished(one, limits.cooldownMinutes))) rules.add("cooldown");
  if (here.some((one) => one.verified === undefined && unfinished(one, atWorkMinutes))) rules.add("cooldown");
  const hour = here.filter((one) => unfinished(one, BUDGET_WINDOW_MINUTES));
  if (!approved && hour.length >= limits.actionsPerHour) rules.add("action-budget");
  const places = others
    .filter((one) => !here.includes(one) && unfinished(one, BLAST_WINDOW_MINUTES))
    .map((one) => `${one.cluster}/${one.service}`);
  if (new Set(places).size >= limits.blastRadiusServices) rules.add("blast-radius");
  return rules;
}

describe("judging a booking", () => {
  it("grants exactly when no rule is against it, and names one that is", () => {
    fc.assert(
      fc.property(reservation, history, (booking, past) => {
        const against = rulesAgainst(booking, past);

        const verdict = judgeReservation(booking, past);

        if (verdict.granted) expect([...against]).toEqual([]);
        else expect([...against]).toContain(verdict.rule);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never grants with more history what it refuses with less", () => {
    fc.assert(
      fc.property(reservation, history, action, fc.nat(12), (booking, past, more, place) => {
        fc.pre(!judgeReservation(booking, past).granted);

        const verdict = judgeReservation(booking, past.toSpliced(place, 0, more));

        expect(verdict.granted).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is not held back by the incident's own actions", () => {
    fc.assert(
      fc.property(reservation, history, history, (booking, past, own) => {
        const mine = own.map((one) => ({ ...one, incidentId: booking.record.incidentId }));

        expect(judgeReservation(booking, [...past, ...mine])).toEqual(judgeReservation(booking, past));
      }),
    );
  });

  it("takes an action in the future, or at no time, for one made just now", () => {
    const times = fc.constantFrom(minutesAgo(-0.001), minutesAgo(-60), minutesAgo(-1e6), "", "no time");
    fc.assert(
      fc.property(reservation, history, times, fc.boolean(), (booking, past, at, verified) => {
        const { cluster, service } = booking.record;
        const other = { ...booking.record, cluster, service, incidentId: "inc-other", at, verified };

        expect(judgeReservation(booking, [...past, other])).toMatchObject({ rule: "cooldown" });
      }),
    );
  });

  it("refuses where its own time is no time and anything was done at all", () => {
    fc.assert(
      fc.property(reservation, history, (booking, past) => {
        const unclear = { ...booking, record: { ...booking.record, at: "now" } };
        const { incidentId, cluster, service } = booking.record;
        fc.pre(
          past.some(
            (one) => one.incidentId !== incidentId && one.cluster === cluster && one.service === service,
          ),
        );

        expect(judgeReservation(unclear, past).granted).toBe(false);
      }),
    );
  });

  it.each([
    ["actionsPerHour", { actionsPerHour: Number.NaN }],
    ["blastRadiusServices", { blastRadiusServices: Number.NaN }],
  ])("refuses where %s is no number", (_, broken) => {
    fc.assert(
      fc.property(reservation, history, (booking, past) => {
        const limits = { ...booking.limits, ...broken };

        expect(judgeReservation({ ...booking, approved: false, limits }, past).granted).toBe(false);
      }),
    );
  });

  it("never asks for less history than any of its rules looks at", () => {
    fc.assert(
      fc.property(reservation, history, (booking, past) => {
        const oldest = now - reservationWindowMinutes(booking) * 60_000;
        const inWindow = past.filter((one) => !(Date.parse(one.at) < oldest));

        expect(judgeReservation(booking, inWindow)).toEqual(judgeReservation(booking, past));
      }),
    );
  });

  it("leaves the hourly budget to the person who approved, and nothing else", () => {
    fc.assert(
      fc.property(reservation, history, (booking, past) => {
        const asked = judgeReservation({ ...booking, approved: false }, past);
        const approved = judgeReservation({ ...booking, approved: true }, past);

        if (asked.granted || asked.rule !== "action-budget") expect(approved).toEqual(asked);
        else expect(approved).not.toMatchObject({ rule: "action-budget" });
      }),
    );
  });
});
