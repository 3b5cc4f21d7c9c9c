import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLogDigest, type LogDigest } from "./index.ts";
import { createIntake } from "./intake.ts";
import type { LogLine } from "./log-line.ts";

const WORDS = "alder birch cedar elm fir hazel larch maple oak pine rowan yew".split(" ");

/** Different words for every `i`, so that no two lines are of one template. */
function wordsOf(i: number): string {
  const letters = i.toString(26).replaceAll(/\d/g, (digit) => String.fromCharCode(113 + Number(digit)));
  return `${WORDS[i % 12] ?? ""}${letters} ${letters}${WORDS[(i >> 3) % 12] ?? ""} ${letters}`;
}

function sumOfCounts({ patterns, totals }: LogDigest): number {
  return patterns.reduce((sum, { count }) => sum + count, 0) + totals.droppedLines + totals.foldedLines;
}

describe("whatever comes in", () => {
  test("every line is counted once, the budget holds, nothing throws", () => {
    const message = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: "grapheme", maxLength: 100 }),
      fc.json(),
      fc.stringMatching(/^[ \tA-Za-z0-9:="'{}[\]()./-]{0,120}$/),
      fc.constantFrom(
        "Traceback (most recent call last):",
        "\tat a.b.C(D.java:1)",
        "Caused by: x",
        "panic: x",
        "",
        "\n\n",
        "goroutine 1 [running]:",
      ),
    );
    const line: fc.Arbitrary<LogLine> = fc.record({
      t: fc.oneof(fc.integer(), fc.double()),
      stream: fc.constantFrom("a", "b"),
      message: fc.oneof(
        message,
        fc.array(message, { maxLength: 4 }).map((parts) => parts.join("\n")),
      ),
    });

    fc.assert(
      fc.property(fc.array(line, { maxLength: 60 }), fc.integer({ min: 0, max: 400 }), (lines, maxTokens) => {
        const digest = createLogDigest({ onset: 5, maxTokens });
        digest.add(lines);
        const result = digest.finish();

        expect(sumOfCounts(result)).toBe(lines.length);
        expect(result.totals.lines).toBe(lines.length);
        expect(result.tokens).toBeLessThanOrEqual(maxTokens);
        for (const { firstAt, lastAt } of result.patterns) {
          expect(firstAt).toBeLessThanOrEqual(lastAt);
          expect(() => new Date(lastAt).toISOString()).not.toThrow();
        }
      }),
      { numRuns: 300 },
    );
  });

  test("lines of a megabyte are cut and marked", () => {
    const digest = createLogDigest({ onset: 0 });
    digest.add(
      ["x", "é", "\u001b[", '"', "a=", '{"a":', "﷽", "1,"].map((unit) => ({
        t: 0,
        stream: "s",
        message: unit.repeat(1_000_000 / unit.length),
      })),
    );
    const result = digest.finish();

    expect(result.totals.truncatedLines).toBe(8);
    expect(result.lastLines.every((line) => line.length <= 500)).toBe(true);
  });

  test("a flood of distinct lines takes bounded memory and does not push out a real error", () => {
    const intake = createIntake();
    intake.add({ t: 0, stream: "s", message: "ERROR connection refused" }, 0);
    for (let i = 0; i < 60_000; i++) intake.add({ t: i, stream: "s", message: wordsOf(i) }, i);

    expect(intake.store.all().length).toBeLessThanOrEqual(2_000);
    expect(intake.store.all().some(({ newest }) => newest === "ERROR connection refused")).toBe(true);
  });

  test("what may have been evicted before the onset is not called new", () => {
    const digest = createLogDigest({ onset: 1_000_000, maxTokens: 100_000 });
    digest.add(Array.from({ length: 10_000 }, (_entry, i) => ({ t: i, stream: "s", message: wordsOf(i) })));
    digest.add([{ t: 2_000_000, stream: "s", message: "ERROR disk full" }]);

    expect(digest.finish().patterns[0]).toMatchObject({ level: "error", newSinceOnset: false });
  });

  test("any number of streams", () => {
    const digest = createLogDigest({ onset: 0 });
    digest.add(Array.from({ length: 20_000 }, (_entry, i) => ({ t: i, stream: `s${i}`, message: "ready" })));

    expect(digest.finish().totals.streams).toBe(10_000);
  });

  test("an informative line of the tail is dropped before an error when tokens are scarce", () => {
    const digest = createLogDigest({ onset: 0, maxTokens: 60 });
    digest.add([
      { t: 0, stream: "s", message: "INFO server started" },
      { t: 0, stream: "s", message: "ERROR disk full" },
      { t: 0, stream: "s", message: "WARN heap usage high" },
    ]);
    const { patterns, totals } = digest.finish();

    expect(patterns[0]?.level).toBe("error");
    expect(totals.droppedPatterns).toBe(3 - patterns.length);
  });
});
