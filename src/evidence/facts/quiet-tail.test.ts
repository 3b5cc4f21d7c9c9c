import { expect, it } from "vitest";
import { isQuietTail } from "./quiet-tail.ts";

const minutes = (...values: readonly number[]) => values.map((v, index) => ({ t: index * 60_000, v }));
const seconds = minutes(0.2, 0.2, 0.9, 0.8);

it.each([
  ["p99 of 99 requests", "p99", [99, 99, 99, 99], true],
  ["p99 of 100 requests", "p99", [100, 100, 100, 100], false],
  ["p90 of 11 requests", "p90", [11, 11, 11, 11], false],
  ["p90 of 9 requests", "p90", [9, 9, 9, 9], true],
  ["p99.9 of 500 requests", "p99.9", [500, 500, 500, 500], true],
  ["the median", "p50", [3, 3, 3, 3], undefined],
  ["an average", "Average", [3, 3, 3, 3], undefined],
  ["requests that are not known", "p99", [], undefined],
] as const)("%s", (_, statistic, requests, expected) => {
  expect(isQuietTail(statistic, seconds, minutes(...requests), undefined)).toBe(expected);
});

it("counts the requests since the departure", () => {
  const since = new Date(120_000).toISOString();

  expect(isQuietTail("p99", seconds, minutes(500, 500, 20, 30), since)).toBe(true);
  expect(isQuietTail("p99", seconds, minutes(20, 30, 500, 500), since)).toBe(false);
});

it("adds the counts of one period", () => {
  expect(
    isQuietTail("p99", seconds, [...minutes(60, 60, 60, 60), ...minutes(60, 60, 60, 60)], undefined),
  ).toBe(false);
});
