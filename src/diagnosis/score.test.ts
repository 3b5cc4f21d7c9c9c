import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReadSign, scoreHypotheses, type Weighed } from "./score.ts";

const EVEN = { temperature: 1, noneLogOdds: 0 } as const;
const NAMES = ["a", "b", "c", "d", "e"] as const;

const sign = (id: string, degree: number | undefined, more: Partial<ReadSign> = {}): ReadSign => ({
  id,
  family: id,
  reading: degree === undefined ? undefined : { degree, facts: [] },
  ...more,
});
const weighed = (given: Partial<Weighed> = {}): Weighed => ({ prior: { logOdds: 0 }, expects: {}, ...given });

const degrees = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
const signs = fc
  .tuple(...NAMES.map(() => fc.tuple(degrees, fc.constantFrom("one", "two", "three"), fc.constantFrom(0, 2))))
  .map((read) =>
    read.map(([degree, family, unexplained], at) => sign(NAMES[at] ?? "", degree, { family, unexplained })),
  );
const hypotheses = fc.array(
  fc.record({
    prior: fc.record({ logOdds: fc.integer({ min: -5, max: 0 }) }),
    expects: fc.dictionary(
      fc.constantFrom(...NAMES),
      fc.record({ for: fc.integer({ min: 0, max: 8 }), against: fc.integer({ min: 0, max: 8 }) }),
    ),
    contradicts: fc.dictionary(fc.constantFrom(...NAMES), fc.integer({ min: 0, max: 5 })),
  }),
  { minLength: 1, maxLength: 5 },
);

const logOddsOf = (hypothesis: Weighed, read: readonly ReadSign[]) =>
  scoreHypotheses([hypothesis], read, EVEN).ranked[0]?.logOdds ?? Number.NaN;

describe("the scorer", () => {
  it("property: gives all hypotheses and none of these one whole", () => {
    fc.assert(
      fc.property(hypotheses, signs, (all, read) => {
        const { ranked, none } = scoreHypotheses(all, read, EVEN);

        expect(ranked.reduce((sum, { posterior }) => sum + posterior, none)).toBeCloseTo(1, 9);
      }),
    );
  });

  it("property: weighs alike whatever the order of the signs", () => {
    fc.assert(
      fc.property(hypotheses, signs, (all, read) => {
        const [one, other] = [read, read.toReversed()].map((order) => scoreHypotheses(all, order, EVEN).none);

        expect(one).toBeCloseTo(other ?? Number.NaN, 9);
      }),
    );
  });

  it("property: never counts more of an expected sign against its hypothesis", () => {
    fc.assert(
      fc.property(hypotheses, signs, fc.nat({ max: 4 }), (all, read, at) => {
        for (const hypothesis of all) {
          const { id } = read[at] ?? sign("a", 0);
          if (hypothesis.expects[id] === undefined) continue;
          const more = read.map((one) =>
            one.id === id && one.reading ? { ...one, reading: { ...one.reading, degree: 1 } } : one,
          );

          expect(logOddsOf(hypothesis, more)).toBeGreaterThanOrEqual(logOddsOf(hypothesis, read) - 1e-9);
        }
      }),
    );
  });

  it("counts of a family the strongest for and the strongest against only", () => {
    const hypothesis = weighed({
      expects: { a: { for: 2 }, b: { for: 5 }, c: { for: 1, against: 3 } },
      contradicts: { d: 1 },
    });
    const read = [sign("a", 1), sign("b", 1), sign("c", 0), sign("d", 1)].map((one) => ({
      ...one,
      family: "same",
    }));

    expect(logOddsOf(hypothesis, read)).toBe(5 - 3);
  });

  it("grades: half a sign is half way between for and against", () => {
    expect(logOddsOf(weighed({ expects: { a: { for: 4, against: 2 } } }), [sign("a", 0.5)])).toBe(1);
  });

  it("takes an expected sign that is not known for less than a no, and for more than nothing", () => {
    const hypothesis = weighed({ expects: { a: { for: 4, against: 6 } } });
    const [no, unknown] = [sign("a", 0), sign("a", undefined)].map((one) => logOddsOf(hypothesis, [one]));

    expect(no).toBe(-6);
    expect(unknown).toBeGreaterThan(-6);
    expect(unknown).toBeLessThan(0);
  });

  it("charges a sign of a cause that a hypothesis neither expects nor tolerates", () => {
    const strange = [sign("a", 1, { unexplained: 3 })];

    expect(logOddsOf(weighed(), strange)).toBe(-3);
    expect(logOddsOf(weighed({ tolerates: ["a"] }), strange)).toBe(0);
    expect(logOddsOf(weighed({ expects: { a: { for: 2 } } }), strange)).toBe(2);
    expect(logOddsOf(weighed(), [sign("a", 1)])).toBe(0);
  });

  it("lets none of these win where nothing speaks for any", () => {
    const { none, ranked } = scoreHypotheses([weighed({ prior: { logOdds: -3 } })], [], EVEN);

    expect(none).toBeGreaterThan(0.9);
    expect(ranked[0]?.posterior).toBeLessThan(0.1);
  });

  it("is less certain where it is hotter, in the same order", () => {
    const all = [weighed({ expects: { a: { for: 4 } } }), weighed({ expects: { a: { for: 2 } } })];
    const cold = scoreHypotheses(all, [sign("a", 1)], EVEN).ranked;
    const hot = scoreHypotheses(all, [sign("a", 1)], { ...EVEN, temperature: 2 }).ranked;

    expect(hot.map(({ hypothesis }) => hypothesis)).toEqual(cold.map(({ hypothesis }) => hypothesis));
    expect(hot[0]?.posterior).toBeLessThan(cold[0]?.posterior ?? 0);
  });
});
