import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GroupingRequest, lockKeyOf, lockKeyOfService } from "../domain/alert-grouping.ts";
import {
  decideGrouping,
  type GroupingState,
  type LockState,
  lockedUntil,
  refusalByLock,
  releasedLock,
  type SeenAlert,
} from "./grouping-rules.ts";

const start = Date.parse("2026-11-23T07:00:00.000Z");
const iso = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
const time = fc.integer({ min: -20, max: 20 }).map(iso);
const incidentId = fc.constantFrom("inc-mine", "inc-a", "inc-b");
const engine = fc.constantFrom("engine-a", "engine-b");
const alarm = fc.constantFrom("memory", "cpu", "disk");

const place: fc.Arbitrary<LockState> = fc.oneof(
  fc.record({
    incidentId,
    phase: fc.constant("open" as const),
    engine,
    aliveUntil: time,
    alarms: fc.uniqueArray(alarm),
  }),
  fc.record({
    incidentId,
    phase: fc.constant("finished" as const),
    engine,
    aliveUntil: time,
    decayUntil: time,
    alarms: fc.uniqueArray(alarm),
  }),
);
const seen: fc.Arbitrary<SeenAlert> = fc.oneof(
  fc.record({ kind: fc.constant("opened" as const), incidentId, engine }),
  fc.record({ kind: fc.constant("joined" as const), incidentId }),
  fc.record({
    kind: fc.constant("refired" as const),
    incidentId,
    engine,
    refireOf: fc.constant("inc-ended"),
    until: time,
  }),
);
const state: fc.Arbitrary<GroupingState> = fc.record({
  seen: fc.option(seen, { nil: undefined }),
  place: fc.option(place, { nil: undefined }),
});
const admission: fc.Arbitrary<GroupingRequest> = fc
  .record({ name: fc.option(alarm, { nil: undefined }), incidentId, engine, at: time })
  .map(({ name, at, ...rest }) => ({
    ...rest,
    at,
    aliveUntil: new Date(Date.parse(at) + 5 * 60_000).toISOString(),
    place: "service production/payment-service",
    alert: {
      key: "key",
      source: "cloudwatch-sns",
      state: "ALARM",
      firedAt: at,
      receivedAt: at,
      title: "memory",
      target: { cluster: "production", service: "payment-service" },
      ...(name === undefined ? {} : { alarm: { name } }),
    },
  }));

const runs = { numRuns: 3_000 };

/** What is stored after the changes are written. */
const written = (before: GroupingState, { changes }: ReturnType<typeof decideGrouping>): GroupingState => ({
  seen: changes.seen ?? before.seen,
  place: changes.place ?? before.place,
});

describe("whatever a store holds", () => {
  it("gives the same alert and engine the same answer again, which changes nothing", () => {
    fc.assert(
      fc.property(admission, state, (one, before) => {
        const first = decideGrouping(one, before);

        const again = decideGrouping(one, written(before, first));

        expect(again).toEqual({ answer: first.answer, changes: {} });
      }),
      runs,
    );
  });

  it("takes no place from an incident that is worked on", () => {
    fc.assert(
      fc.property(admission, state, (one, before) => {
        const holder = before.place;
        fc.pre(holder?.phase === "open" && Date.parse(one.at) < Date.parse(holder.aliveUntil));

        const { place: now } = written(before, decideGrouping(one, before));

        expect(now).toMatchObject({ incidentId: holder?.incidentId, phase: "open", engine: holder?.engine });
      }),
      runs,
    );
  });

  it("hands the same alert to another engine only when the first has fallen silent in its place", () => {
    fc.assert(
      fc.property(admission, state, (one, before) => {
        const known = before.seen;
        fc.pre(known !== undefined && known.kind !== "joined" && known.engine !== one.engine);

        const { answer } = decideGrouping(one, before);

        const silent =
          before.place?.incidentId === known?.incidentId &&
          before.place?.phase === "open" &&
          Date.parse(one.at) >= Date.parse(before.place.aliveUntil);
        if (answer.kind !== "elsewhere") expect(silent).toBe(true);
      }),
      runs,
    );
  });

  it("lets no new alarm join an ended incident", () => {
    fc.assert(
      fc.property(admission, state, (one, before) => {
        fc.pre(before.seen === undefined && before.place?.phase === "finished");

        const { answer, changes } = decideGrouping(one, before);

        const decaying = Date.parse(one.at) < Date.parse(before.place?.decayUntil ?? "");
        const known = before.place?.alarms.includes(one.alert.alarm?.name ?? "") === true;
        expect(answer.kind).toBe(decaying && known ? "refired" : "opened");
        expect(changes.place).toMatchObject({ incidentId: one.incidentId, phase: "open" });
      }),
      runs,
    );
  });

  it("loses no alert: an incident is opened for it, or knows of it", () => {
    fc.assert(
      fc.property(admission, state, (one, before) => {
        fc.pre(before.seen === undefined);

        const { answer, changes } = decideGrouping(one, before);

        expect(changes.seen?.kind).toBe(answer.kind);
        if (answer.kind === "opened") expect(changes.opens?.incidentId).toBe(one.incidentId);
        else expect(changes.joins).toMatchObject({ alert: { key: "key", kind: answer.kind } });
        if (answer.kind === "refired") expect(changes.opens?.incidentId).toBe(one.incidentId);
      }),
      runs,
    );
  });

  it("opens nothing more when the clock is further back", () => {
    fc.assert(
      fc.property(admission, state, fc.integer({ min: 1, max: 100_000 }), (one, before, minutes) => {
        const earlier = { ...one, at: new Date(Date.parse(one.at) - minutes * 60_000).toISOString() };
        fc.pre(decideGrouping(one, before).answer.kind !== "opened");

        expect(decideGrouping(earlier, before).answer.kind).not.toBe("opened");
      }),
      runs,
    );
  });

  it("opens nothing in a taken place at what is no time", () => {
    fc.assert(
      fc.property(admission, place, (one, holder) => {
        fc.pre(holder.phase === "open" || holder.alarms.includes(one.alert.alarm?.name ?? ""));

        const { answer } = decideGrouping({ ...one, at: "now" }, { seen: undefined, place: holder });

        expect(answer.kind).not.toBe("opened");
      }),
    );
  });

  it("keeps open and ends only what holds its place, and never shortens", () => {
    fc.assert(
      fc.property(place, incidentId, time, (holder, id, until) => {
        const holds = holder.incidentId === id && holder.phase === "open";

        const kept = lockedUntil(id, holder, until);
        const ended = releasedLock(id, holder, until);

        const latest = Math.max(Date.parse(until), Date.parse(holder.aliveUntil));
        expect(kept === undefined ? undefined : Date.parse(kept)).toBe(holds ? latest : undefined);
        expect(ended).toEqual(holds ? { ...holder, phase: "finished", decayUntil: until } : undefined);
      }),
    );
  });

  it("lets one incident at a time act on a service", () => {
    fc.assert(
      fc.property(place, (holder) => {
        const allowed = ["inc-mine", "inc-a", "inc-b"].filter((id) => !refusalByLock(id, holder));

        expect(allowed).toEqual(
          holder.phase === "open" ? [holder.incidentId] : ["inc-mine", "inc-a", "inc-b"],
        );
      }),
    );
  });
});

it("knows the place of a service's alerts by its name", () => {
  fc.assert(
    fc.property(admission, fc.string(), fc.string(), ({ alert }, cluster, service) => {
      expect(lockKeyOf({ ...alert, target: { cluster, service } })).toBe(
        lockKeyOfService({ cluster, service }),
      );
    }),
  );
});
