import { expect, it } from "vitest";
import { createRateLimit } from "./rate-limit.ts";

it("gives so many at once and so many a second, to each name by itself", () => {
  let now = 0;
  const rateLimit = createRateLimit({ burst: 3, perSecond: 2 }, () => now);
  const taken = (name: string) => [1, 2, 3, 4].map(() => rateLimit.take(name));

  expect(taken("a")).toEqual([true, true, true, false]);
  expect([rateLimit.has("a"), rateLimit.has("b")]).toEqual([false, true]);
  now = 1_000;
  expect(taken("a")).toEqual([true, true, false, false]);
  now = -5_000;
  expect(rateLimit.take("a")).toBe(false);
  expect(taken("b")).toEqual([true, true, true, false]);
});

it("remembers a bounded number of names", () => {
  const rateLimit = createRateLimit({ burst: 1, perSecond: 0 }, () => 0);
  for (let at = 0; at <= 10_000; at += 1) rateLimit.take(`name-${at}`);

  expect([rateLimit.has("name-0"), rateLimit.has("name-10000")]).toEqual([true, false]);
});
