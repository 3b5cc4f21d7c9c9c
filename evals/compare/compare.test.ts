import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CaseRun } from "../report/eval-report.ts";
import { aReport, aRun } from "../report/sample-runs.ts";
import { compareReports } from "./compare.ts";
import { comparisonHtml } from "./compare-html.ts";
import { comparisonText } from "./compare-text.ts";
import { bootstrapMean, fisherExact, holm, mcnemarExact, newcombe } from "./statistics.ts";

describe("the statistics", () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [8, 2, 0.109375],
    [5, 5, 1],
  ])("McNemar: %i better and %i worse give %f", (better, worse, p) => {
    expect(mcnemarExact(better, worse)).toBeCloseTo(p, 10);
  });

  it("McNemar stays a probability and does not care which side is which", () => {
    const count = fc.integer({ min: 0, max: 400 });

    fc.assert(
      fc.property(count, count, (a, b) => {
        const p = mcnemarExact(a, b);

        expect(p).toBeGreaterThanOrEqual(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(mcnemarExact(b, a)).toBeCloseTo(p, 10);
      }),
    );
  });

  it("Fisher: the lady tasting tea, and two equal shares", () => {
    expect(fisherExact({ hits: 3, of: 4 }, { hits: 1, of: 4 })).toBeCloseTo(0.4857, 4);
    expect(fisherExact({ hits: 47, of: 50 }, { hits: 47, of: 50 })).toBeCloseTo(1, 10);
  });

  it("Newcombe: his own example, 56 of 70 against 48 of 80", () => {
    const { low, high } = newcombe({ hits: 48, of: 80 }, { hits: 56, of: 70 });

    expect(low).toBeCloseTo(0.0524, 4);
    expect(high).toBeCloseTo(0.3339, 4);
  });

  it("the bootstrap is the same for the same values, and holds their mean", () => {
    const differences = fc.array(fc.constantFrom<number[]>(-1, -0.5, 0, 0.5, 1), {
      minLength: 1,
      maxLength: 30,
    });

    fc.assert(
      fc.property(differences, (values) => {
        const interval = bootstrapMean(values, 7, 400);
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;

        expect(bootstrapMean(values, 7, 400)).toEqual(interval);
        expect(interval.low).toBeLessThanOrEqual(mean + 1e-9);
        expect(interval.high).toBeGreaterThanOrEqual(mean - 1e-9);
      }),
      { numRuns: 40 },
    );
  });

  it("Holm raises each p, never beyond 1, and keeps their order", () => {
    expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
    expect(holm([])).toEqual([]);
  });
});

describe("a comparison", () => {
  it("claims nothing for one lucky case, and says so", () => {
    const a = aReport([run("a", false), run("b", true)]);
    const b = aReport([run("a", true), run("b", true)]);

    const comparison = compareReports(a, b);

    expect(verdictOf(comparison, "right")).toBe("no-difference-shown");
    expect(comparisonText(comparison)).toContain("no difference that these runs can show");
    expect(comparisonText(comparison)).not.toContain("B is better");
  });

  it("claims an improvement that ten of ten changed cases show, and the loss the other way round", () => {
    const names = Array.from({ length: 12 }, (_, index) => `case-${index}`);
    const worse = aReport(names.map((name, index) => run(name, index >= 10)));
    const better = aReport(names.map((name) => run(name, true)));

    expect(verdictOf(compareReports(worse, better), "right")).toBe("better");
    expect(verdictOf(compareReports(better, worse), "right")).toBe("worse");
    expect(comparisonText(compareReports(worse, better))).toContain("B is better (better in 10 cases");
  });

  it("takes fewer harmful runs for better", () => {
    const names = Array.from({ length: 10 }, (_, index) => `case-${index}`);
    const harm = { done: ["stopped a healthy task"], asked: [] };
    const a = aReport(names.map((name) => aRun({ case: name, harm })));
    const b = aReport(names.map((name) => aRun({ case: name })));

    expect(verdictOf(compareReports(a, b), "harmDone")).toBe("better");
  });

  it("counts a case with many runs once: a hundred runs of one case show nothing", () => {
    const many = (right: boolean) =>
      aReport(Array.from({ length: 100 }, (_, index) => ({ ...run("a", right), run: index + 1 })));

    expect(verdictOf(compareReports(many(false), many(true)), "right")).toBe("no-difference-shown");
  });

  it("claims nothing where many cases gain a little and one loses all of it again", () => {
    const runs = (rights: readonly number[]) =>
      aReport(
        rights.flatMap((rightOnes, index) =>
          Array.from({ length: 10 }, (_, one) => ({
            ...run(`case-${index}`, one < rightOnes),
            run: one + 1,
          })),
        ),
      );

    const comparison = compareReports(runs([...Array(9).fill(8), 10]), runs([...Array(9).fill(9), 0]));

    const row = comparison.rows.find((one) => one.class === "all" && one.measure === "right");
    expect(row?.p).toBeLessThan(0.05);
    expect(row?.verdict).toBe("no-difference-shown");
  });

  it("does not take the luckiest of many classes for an improvement", () => {
    const classes = ["bad-deploy", "disk-full", "hung-task", "no-fault", "oom-kill", "traffic-spike"];
    const of = (lucky: boolean) =>
      aReport(
        classes.flatMap((name) =>
          Array.from({ length: 6 }, (_, index) => ({
            ...run(`${name}-${index}`, name === "hung-task" ? lucky : true),
            class: name,
          })),
        ),
      );

    const rows = compareReports(of(false), of(true)).rows.filter(({ measure }) => measure === "right");

    expect(mcnemarExact(6, 0)).toBeLessThan(0.05);
    expect(rows.find((row) => row.class === "hung-task")?.verdict).toBe("no-difference-shown");
  });

  it("pairs only what both have with the same truth, and says what is left out", () => {
    const other = { ...run("b", true), truth: { causes: ["oom-kill"], actions: ["none"], harmful: [] } };
    const a = aReport([run("a", true), run("b", true), run("c", true)]);
    const b = aReport([run("a", true), other]);

    const comparison = compareReports(a, b);

    expect(comparison.rows.filter((row) => row.class === "all")[0]?.cases).toBe(1);
    expect(comparison.unmatched).toEqual({ a: ["live/b", "live/c"], b: ["live/b"] });
    expect(comparisonText(comparison)).toContain("2 cases only in A, 1 only in B");
  });

  it("of a held-out half knows the counts only, and compares those", () => {
    const half = (right: number) =>
      aReport(
        Array.from({ length: 50 }, (_, index) => ({
          ...run(`secret-${index}`, index < right),
          group: "held-out",
        })),
      );

    const little = compareReports(half(47), half(48));
    const much = compareReports(half(20), half(48));

    expect(little.rows.every(({ method }) => method === "counts")).toBe(true);
    expect(verdictOf(little, "right")).toBe("no-difference-shown");
    expect(verdictOf(much, "right")).toBe("better");
    expect(`${comparisonText(much)}${comparisonHtml(much)}`).not.toContain("secret");
  });

  it("of a held-out half compares nothing where the two ran different cases, and no round twice", () => {
    const half = (cases: number, right: number, repeat: number) =>
      aReport(
        Array.from({ length: cases * repeat }, (_, index) => ({
          ...run(`secret-${index % cases}`, index % cases < right),
          group: "held-out",
        })),
        [],
        { repeat },
      );

    const fewer = compareReports(half(50, 48, 1), half(4, 1, 1));
    const rounds = compareReports(half(10, 6, 20), half(10, 8, 20));

    expect(fewer.rows).toEqual([]);
    expect(comparisonText(fewer)).toContain("Not compared: held-out, of which A and B ran different cases.");
    expect(rounds.rows[0]?.a).toEqual({ hits: 6, of: 10 });
    expect(verdictOf(rounds, "right")).toBe("no-difference-shown");
  });

  it("never claims what its interval does not show, and never a difference of a report with itself", () => {
    const outcome = fc.record({ a: fc.boolean(), b: fc.boolean() });

    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 14 }), (outcomes) => {
        const report = (side: "a" | "b") =>
          aReport(outcomes.map((one, index) => run(`case-${index}`, one[side])));

        for (const row of compareReports(report("a"), report("b")).rows) {
          if (row.verdict === "no-difference-shown") continue;
          expect(row.p).toBeLessThan(0.05);
          expect(row.interval.low > 0 || row.interval.high < 0).toBe(true);
        }
        const itself = compareReports(report("a"), report("a"));
        expect(itself.rows.every(({ verdict }) => verdict === "no-difference-shown")).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it("of two reports that agree in every case claims no certainty", () => {
    const report = aReport([run("a", true), run("b", true)]);

    expect(comparisonText(compareReports(report, report))).toContain("0 (no case differs)");
  });

  it("fits a terminal of 100 columns", () => {
    const names = Array.from({ length: 12 }, (_, index) => `case-${index}`);
    const of = (right: boolean) =>
      aReport(names.map((name) => ({ ...run(name, right), class: "health-check-misconfigured" })));

    const lines = comparisonText(compareReports(of(false), of(true))).split("\n");

    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

function run(name: string, right: boolean): CaseRun {
  return aRun({ case: name, right, causeRight: right });
}

function verdictOf({ rows }: ReturnType<typeof compareReports>, measure: string) {
  return rows.find((row) => row.class === "all" && row.measure === measure)?.verdict;
}
