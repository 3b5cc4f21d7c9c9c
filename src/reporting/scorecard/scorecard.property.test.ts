import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alarmRecord, minutesIn, restarted, wouldHaveRestarted } from "../../../test/samples/scored.ts";
import type { Judgement } from "../../domain/incident/judgement.ts";
import { scorecard } from "./scorecard.ts";
import type { ScoredIncident } from "./scorecard-case.ts";

const LATER = minutesIn(3 * 24 * 60);

const word = (incidentId: string, verdict: Judgement["verdict"], at = 0): Judgement => ({
  incidentId,
  verdict,
  by: "ana",
  at: minutesIn(at),
  note: "",
});

describe("any history", () => {
  const cause = fc.constantFrom("oom-kill", "bad-deploy" as const);
  const minute = fc.integer({ min: 0, max: 3000 });
  const alarm = fc.constantFrom("shop-memory", "shop-latency");
  const record: fc.Arbitrary<ScoredIncident> = fc.oneof(
    fc.record({ at: minute, alarm }).map((given) => alarmRecord({ ...given, state: "OK" })),
    fc.record({ at: minute, alarm, cause }).map(alarmRecord),
    fc.record({ at: minute, alarm, cause }).map(wouldHaveRestarted),
    fc
      .tuple(
        fc.constantFrom("recovered", "unchanged", "worse", "unknown", undefined),
        fc.record({ at: minute, alarm, cause }),
      )
      .map(([outcome, given]) => restarted(outcome, given)),
  );
  const incidents = fc
    .uniqueArray(record, { maxLength: 25, selector: ({ id }) => id })
    .map((records) => records.map((one, index) => ({ ...one, id: `inc-${index}` })));
  const words = fc.array(
    fc
      .tuple(
        fc.nat(25),
        fc.constantFrom("right", "wrong", "unclear" as const),
        fc.integer({ min: 0, max: 3 }),
      )
      .map(([index, verdict, at]) => word(`inc-${index}`, verdict, at)),
    { maxLength: 10 },
  );

  it("has counts that add up, and one case for each action", () => {
    fc.assert(
      fc.property(incidents, words, (records, said) => {
        const rows = scorecard(records, said, LATER);

        for (const { wouldHave, acted, together, cases } of rows) {
          for (const { n, right, wrong, unneeded, unknown, judged, interval } of [
            wouldHave,
            acted,
            together,
          ]) {
            expect(right + wrong + unneeded + unknown).toBe(n);
            expect(judged).toBe(n - unknown);
            if (interval === undefined) expect(judged).toBe(0);
            else {
              expect(interval.low).toBeGreaterThanOrEqual(0);
              expect(interval.low).toBeLessThanOrEqual(right / judged + 1e-12);
              expect(interval.high).toBeGreaterThanOrEqual(right / judged - 1e-12);
              expect(interval.high).toBeLessThanOrEqual(1);
            }
          }
          expect(together.n).toBe(wouldHave.n + acted.n);
          expect(cases).toHaveLength(together.n);
        }
        const counted = rows.reduce((sum, { together }) => sum + together.n, 0);
        const made = records.filter(
          ({ actions, decision }) =>
            actions.length > 0 || (decision?.kind === "decline" && decision.wouldHave),
        );
        expect(counted).toBe(made.length);
      }),
    );
  });

  it("gives a person's newest word, always", () => {
    fc.assert(
      fc.property(incidents, words, (records, said) => {
        const cases = scorecard(records, said, LATER).flatMap((row) => row.cases);

        for (const one of cases) {
          const about = said.filter(({ incidentId }) => incidentId === one.incidentId);
          if (about.length === 0) {
            expect(one.source).not.toBe("person");
            continue;
          }
          const newest = about
            .map(({ at }) => at)
            .sort()
            .at(-1);
          const allowed = about
            .filter(({ at }) => at === newest)
            .map(({ verdict }) => (verdict === "unclear" ? "unknown" : verdict));
          expect(one.source).toBe("person");
          expect(allowed).toContain(one.truth);
        }
      }),
    );
  });

  it("comes to the same in any order, and however often a record is given", () => {
    const shuffled = fc.tuple(incidents, words).chain(([records, said]) =>
      fc.record({
        records: fc.constant(records),
        said: fc.constant(said),
        mixed: fc.shuffledSubarray([...records, ...records], { minLength: records.length * 2 }),
        mixedWords: fc.shuffledSubarray(said, { minLength: said.length }),
      }),
    );

    fc.assert(
      fc.property(shuffled, ({ records, said, mixed, mixedWords }) => {
        const rest = (rows: ReturnType<typeof scorecard>) =>
          rows.map(({ cases, ...row }) => ({
            ...row,
            cases: cases.map(({ incidentId, truth, source }) => [incidentId, truth, source]),
          }));

        expect(rest(scorecard(mixed, mixedWords, LATER))).toEqual(rest(scorecard(records, said, LATER)));
      }),
    );
  });

  it("is not made better by records of OK", () => {
    fc.assert(
      fc.property(incidents, fc.record({ at: minute, alarm }), (records, given) => {
        const rightOf = (all: ScoredIncident[]) =>
          scorecard(all, [], LATER).reduce((sum, { together }) => sum + together.right, 0);

        const more = [...records, alarmRecord({ ...given, state: "OK", id: "inc-ok" })];

        expect(rightOf(more)).toBeLessThanOrEqual(rightOf(records));
      }),
    );
  });
});
