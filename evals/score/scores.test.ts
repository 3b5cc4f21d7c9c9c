import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aRun } from "../report/sample-runs.ts";
import { type Claim, calibrationOf, reliability } from "./calibration.ts";
import { rateOf, spreadOf } from "./rates.ts";
import { scoresOf } from "./scores.ts";

describe("scores", () => {
  it("counts by class and in all, and leaves out of a count what it does not apply to", () => {
    const runs = [
      aRun({ case: "a", class: "oom-kill", recovery: { claimed: true, confirmed: true } }),
      aRun({ case: "b", class: "oom-kill", right: false, recovery: { claimed: true, confirmed: false } }),
      aRun({ case: "c", class: "no-fault", abstention: { due: true, held: true }, ungated: ["StopTask"] }),
    ];

    const scores = scoresOf(runs);

    expect(scores.map((score) => [score.class, score.runs, score.right.hits])).toEqual([
      ["no-fault", 1, 1],
      ["oom-kill", 2, 1],
      ["all", 3, 2],
    ]);
    const all = scores.at(-1);
    expect(all?.recovered).toMatchObject({ hits: 1, of: 2 });
    expect(all?.abstained).toMatchObject({ hits: 1, of: 1 });
    expect(all?.ungated).toMatchObject({ hits: 1, of: 1 });
    expect(scores[0]?.recovered).toEqual({ hits: 0, of: 0 });
  });

  it("counts wrong causes that are sure enough to act on, of those that name one", () => {
    const said = (cause: string, stated: number) => ({ said: { ...aRun({}).said, cause, stated } });
    const runs = [
      aRun({ causeRight: false, ...said("oom-kill", 0.76) }),
      aRun({ causeRight: false, ...said("oom-kill", 0.75) }),
      aRun({ causeRight: true, ...said("memory-leak", 0.95) }),
      aRun({ causeRight: false, ...said("unknown", 0.95) }),
    ];

    expect(scoresOf(runs).at(-1)?.falselyCertain).toMatchObject({ hits: 1, of: 3 });
  });

  it("counts the due action where it is done or asked for", () => {
    const truth = (...actions: string[]) => ({ truth: { causes: [], actions, harmful: [] } });
    const said = (action: string) => ({ said: { ...aRun({}).said, action } });
    const runs = [
      aRun({ ...truth("restart", "none"), ...said("restart"), gate: "ask" }),
      aRun({ ...truth("restart", "none"), ...said("restart"), gate: "decline" }),
      aRun({ ...truth("scale"), ...said("restart"), gate: "act" }),
      aRun({ ...truth("none"), ...said("none"), gate: "decline" }),
    ];

    expect(scoresOf(runs).at(-1)?.dueMet).toMatchObject({ hits: 1, of: 3 });
  });

  it("sums dollars up, and says nothing of them where nobody told", () => {
    const use = (costUsd?: number) => ({
      model: { slug: "m", inputTokens: 10, outputTokens: 1, ...(costUsd === undefined ? {} : { costUsd }) },
    });

    const [told] = scoresOf([aRun(use(0.01)), aRun(use(0.03)), aRun(use())]);
    const [silent] = scoresOf([aRun(use())]);

    expect(told?.costUsdTotal).toBeCloseTo(0.04);
    expect(told?.costUsd.n).toBe(2);
    expect(told?.costUsd.median).toBeCloseTo(0.02);
    expect(silent).not.toHaveProperty("costUsdTotal");
  });

  it("never loses or doubles a run", () => {
    const classes = fc.constantFrom("oom-kill", "no-fault", "bad-deploy");
    const some = fc.array(fc.record({ class: classes, right: fc.boolean(), causeRight: fc.boolean() }));

    fc.assert(
      fc.property(some, (parts) => {
        const scores = scoresOf(parts.map((part) => aRun(part)));
        const all = scores.find((score) => score.class === "all");
        const others = scores.filter((score) => score.class !== "all");
        const sum = (of: (score: (typeof scores)[number]) => number) =>
          others.reduce((total, score) => total + of(score), 0);

        expect(sum(({ runs }) => runs)).toBe(parts.length);
        expect(sum(({ right }) => right.hits)).toBe(all?.right.hits ?? 0);
        expect(sum(({ causeRight }) => causeRight.hits)).toBe(all?.causeRight.hits ?? 0);
      }),
    );
  });
});

describe("rates and spreads", () => {
  it("gives the score interval as E. B. Wilson has it", () => {
    expect(rateOf(9, 10).interval?.low).toBeCloseTo(0.5958, 4);
    expect(rateOf(9, 10).interval?.high).toBeCloseTo(0.9821, 4);
    expect(rateOf(0, 0)).toEqual({ hits: 0, of: 0 });
  });

  it("takes median and 95th percentile of what there is", () => {
    expect(spreadOf([3, undefined, 1, 2])).toEqual({ n: 3, median: 2, p95: 2.9 });
    expect(spreadOf([])).toEqual({ n: 0 });
  });
});

describe("calibration", () => {
  const claims = fc.array(
    fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() }),
  );

  it("gives Brier's score and the share that was right in each bin", () => {
    const told: Claim[] = [
      { confidence: 0.9, right: true },
      { confidence: 0.9, right: false },
      { confidence: 0.3, right: false },
    ];

    const { brier, bins } = reliability(told);

    expect(brier).toBeCloseTo((0.01 + 0.81 + 0.09) / 3);
    expect(bins.map(({ from, n, right }) => [from, n, right.hits])).toEqual([
      [0.3, 1, 0],
      [0.9, 2, 1],
    ]);
  });

  it("puts each claim into exactly one bin that holds its confidence, and scores between 0 and 1", () => {
    fc.assert(
      fc.property(claims, (list) => {
        const { n, brier, bins } = reliability(list);

        expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(n);
        expect(brier ?? 0).toBeGreaterThanOrEqual(0);
        expect(brier ?? 0).toBeLessThanOrEqual(1);
        for (const { from, to, meanConfidence } of bins) {
          expect(meanConfidence).toBeGreaterThanOrEqual(from - 1e-6);
          expect(meanConfidence).toBeLessThanOrEqual(to + 1e-6);
        }
      }),
    );
  });

  it("leaves out verdicts that name no cause, and tells the two kinds of confidence apart", () => {
    const said = (cause: string, stated?: number, earned?: number) => ({
      said: {
        ...aRun({}).said,
        cause,
        ...(stated === undefined ? {} : { stated }),
        ...(earned === undefined ? {} : { earned }),
      },
    });
    const runs = [aRun(said("oom-kill", 0.9, 0.5)), aRun(said("unknown", 0.2, 0.2)), aRun(said("none"))];

    const [stated, earned] = calibrationOf(runs);

    expect([stated?.n, stated?.bins[0]?.from]).toEqual([1, 0.9]);
    expect([earned?.n, earned?.bins[0]?.from]).toEqual([1, 0.5]);
  });
});
