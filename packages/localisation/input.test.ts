import { expect, it } from "vitest";
import { madeInput } from "../../test/samples/localisation/made-graph.ts";
import { readInput } from "./index.ts";

const good = madeInput(["web cart"], { "cart errors": [35, 9] });
const problemsOf = (value: unknown) => {
  const result = readInput(typeof value === "string" ? value : JSON.stringify(value));
  return result.ok ? [] : result.problems;
};

it("reads what is whole", () => {
  expect(readInput(JSON.stringify(good))).toEqual({ ok: true, input: good });
});

it.each([
  ["a callee that is no service", { ...good, edges: [{ ...good.edges[0], to: "x" }] }, /^edges\.0\.to: "x"/],
  [
    "a series of no service",
    { ...good, series: [{ ...good.series[0], service: "x" }] },
    /^series\.0\.service/,
  ],
  ["an alarm of no service", { ...good, alarm: { ...good.alarm, service: "x" } }, /^alarm\.service: "x"/],
  ["a service twice", { ...good, services: ["web", "cart", "web"] }, /^services\.2: "web" is listed twice/],
  ["an unknown kind", { ...good, series: [{ ...good.series[0], kind: "cpu" }] }, /^series\.0\.kind/],
  [
    "a value that is text",
    { ...good, series: [{ ...good.series[0], values: [1, "2"] }] },
    /^series\.0\.values\.1/,
  ],
  ["a time that is none", { ...good, alarm: { ...good.alarm, at: "noon" } }, /^alarm\.at/],
  ["an unknown key", { ...good, truth: "cart" }, /^the file: .*truth/],
  [
    "a quantile of errors",
    { ...good, series: [{ ...good.series[2], kind: "errors", quantile: 0.9 }] },
    /^series\.0\.quantile/,
  ],
  ["no JSON", "{", /^not JSON/],
  ["null", "null", /^the file/],
])("names the path of %s", (_name, value, expected) => {
  expect(problemsOf(value)[0]).toMatch(expected);
});

it("names at most ten problems and counts the rest", () => {
  const problems = problemsOf({
    ...good,
    edges: Array.from({ length: 30 }, () => ({ ...good.edges[0], to: "x" })),
  });

  expect(problems).toHaveLength(11);
  expect(problems.at(-1)).toBe("and 20 more");
});
