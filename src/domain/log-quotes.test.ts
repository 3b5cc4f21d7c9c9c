import { describe, expect, it } from "vitest";
import type { FactOf } from "./evidence.ts";
import { logQuotesOf, quoteText, statementOf } from "./log-quotes.ts";

type Pattern = FactOf<"log-pattern">["data"];

const AT = "2026-11-23T07:00:00.000Z";

function fact(lines: readonly string[], data: Partial<Pattern> = {}, id = "E1"): FactOf<"log-pattern"> {
  const template = "<text> failed";
  return {
    id,
    kind: "log-pattern",
    provenance: "log",
    statement: `${data.count ?? 1} × error (07:00 to 07:00): ${template}`,
    data: {
      level: "error",
      template,
      count: 1,
      firstAt: AT,
      lastAt: AT,
      newSinceOnset: true,
      lines: [...lines],
      ...data,
    },
  };
}

function quoted(...facts: readonly FactOf<"log-pattern">[]): string[] {
  const evidence = { observedAt: AT, onset: AT, facts: [...facts], gaps: [], lastLines: [] };
  return logQuotesOf({ evidence }).map(({ line }) => line);
}

it("name the container that says it, where several of the service say anything", () => {
  const texts = (...facts: readonly FactOf<"log-pattern">[]) =>
    logQuotesOf({
      evidence: { observedAt: AT, onset: AT, facts: [...facts], gaps: [], lastLines: [] },
    }).map((quote) => quoteText(quote));
  const web = fact(["checkout failed"], { containers: ["web"], taskCount: 1, taskTotal: 2 });
  const jobs = fact(["queue is full"], { containers: ["jobs"], level: "warn" }, "E2");

  expect(texts(web, jobs)[0]).toBe("“checkout failed” (1 ×, by web, in 1 of 2 tasks, new since the onset)");
  expect(texts(web)[0]).not.toContain("by web");
});

describe("the most telling lines", () => {
  it("are new since the onset before loud, errors before warnings", () => {
    expect(
      quoted(
        fact(["old and loud"], { newSinceOnset: false, count: 900, countBefore: 450 }),
        fact(["a new warning"], { level: "warn" }),
        fact(["the new error"]),
      ),
    ).toEqual(["the new error", "a new warning", "old and loud"]);
  });

  it("leave out the warnings that were always there, and put what grows before an error that was", () => {
    const always = { newSinceOnset: false, count: 9, countBefore: 5 };
    const grown = { placeholder: "<num>", distinct: 9, first: "1", last: "9" };

    expect(
      quoted(
        fact(["slow request"], { ...always, level: "warn" }),
        fact(["this always fails"], always),
        fact(["a slow database"], { ...always, level: "warn", signal: "timeout" }),
        fact(["cache has 9 entries"], { level: "info", values: [grown] }),
      ),
    ).toEqual(["cache has 9 entries", "this always fails", "a slow database"]);
  });

  it("name a thing by its signal or cause before those that do not", () => {
    expect(quoted(fact(["plain"], { count: 9 }), fact(["names it"], { signal: "dns" }))).toEqual([
      "names it",
      "plain",
    ]);
  });

  it.each([
    [5, ["louder now", "was there"]],
    [4, ["was there", "louder now"]],
  ])("count as new when there are %i times as many as before", (times, expected) => {
    expect(
      quoted(
        fact(["was there"], { newSinceOnset: false, count: 500, countBefore: 400 }),
        fact(["louder now"], { newSinceOnset: false, count: 10 + 10 * times, countBefore: 10 }),
      ),
    ).toEqual(expected);
  });

  it("are three, each of another kind", () => {
    const lines = ["orders cannot be read", "carts are full", "the key expired", "a fourth thing"];

    expect(quoted(...lines.map((line) => fact([line])))).toEqual(lines.slice(0, 3));
    expect(
      quoted(
        fact(["connection to orders-db refused after 30 ms"]),
        fact(["connection to orders-db refused again"]),
        fact(["connection to carts-db refused because of its certificate"]),
      ),
    ).toEqual([
      "connection to orders-db refused after 30 ms",
      "connection to carts-db refused because of its certificate",
    ]);
  });

  it("leave out what clients were answered where anything else is said", () => {
    expect(
      quoted(
        fact(['"GET /orders" 503'], { template: "GET <path> status 503", count: 900 }),
        fact(["redis is gone"], { level: "warn" }),
      ),
    ).toEqual(["redis is gone", '"GET /orders" 503']);
  });

  it.each([
    ["grew to one and a half", { placeholder: "<num>", distinct: 9, first: "100", last: "150" }, true],
    ["hardly grew", { placeholder: "<num>", distinct: 9, first: "100", last: "149" }, false],
    ["jumped between two values", { placeholder: "<num>", distinct: 2, first: "100", last: "900" }, false],
    ["has no numbers", { placeholder: "<id>", distinct: 100 }, false],
  ])("an informative line whose number %s", (_name, value, told) => {
    const line = "cart cache size 76214 entries, 119 MiB, 0 expired";

    expect(quoted(fact([line], { level: "info", values: [value] }))).toEqual(told ? [line] : []);
  });

  it("come from the second look where there was one", () => {
    const look = (line: string) => ({
      observedAt: AT,
      onset: AT,
      facts: [fact([line])],
      gaps: [],
      lastLines: [],
    });

    expect(
      logQuotesOf({ evidence: look("first"), further: { evidence: look("second") } }).map(({ line }) => line),
    ).toEqual(["second"]);
    expect(logQuotesOf({})).toEqual([]);
  });
});

describe("a quote in one line", () => {
  it("has the words, the cause underneath, how often and where", () => {
    const evidence = {
      observedAt: AT,
      onset: AT,
      facts: [
        fact(["checkout failed"], {
          count: 174,
          taskCount: 1,
          taskTotal: 3,
          rootCauses: [{ text: "UnknownHostException: orders-db.internal", template: "x", count: 3 }],
        }),
      ],
      gaps: [],
      lastLines: [],
    };

    expect(logQuotesOf({ evidence }).map((quote) => quoteText(quote))).toEqual([
      "“checkout failed”, caused by “UnknownHostException: orders-db.internal” (174 ×, in 1 of 3 tasks, new since the onset)",
    ]);
  });

  it("keeps the beginning and the end of a long line", () => {
    const line = `Failed to reserve ${"x".repeat(300)}: dial tcp 10.0.3.7:44947`;
    const text = quoteText({ factId: "E1", line, count: 1, isNew: false }, 100);

    expect(text).toMatch(/^“Failed to reserve x+ … x+: dial tcp 10\.0\.3\.7:44947” \(1 ×\)$/);
    expect(text.length).toBeLessThan(110);
  });
});

it("a log pattern is told in its own words, an older one by its template", () => {
  expect(statementOf(fact(["it cost $& and $1"], { count: 7 }))).toBe(
    "7 × error (07:00 to 07:00): “it cost $& and $1”",
  );
  expect(statementOf(fact([]))).toBe("1 × error (07:00 to 07:00): <text> failed");
});
