import { expect, it } from "vitest";
import { createSlots } from "./concurrency-limit.ts";
import { createAllowance } from "./rate-limit.ts";

it("gives so many at once and so many a second, to each name by itself", () => {
  let now = 0;
  const allowance = createAllowance({ burst: 3, perSecond: 2 }, () => now);
  const taken = (name: string) => [1, 2, 3, 4].map(() => allowance.take(name));

  expect(taken("a")).toEqual([true, true, true, false]);
  expect([allowance.has("a"), allowance.has("b")]).toEqual([false, true]);
  now = 1_000;
  expect(taken("a")).toEqual([true, true, false, false]);
  now = -5_000;
  expect(allowance.take("a")).toBe(false);
  expect(taken("b")).toEqual([true, true, true, false]);
});

it("remembers a bounded number of names", () => {
  const allowance = createAllowance({ burst: 1, perSecond: 0 }, () => 0);
  for (let at = 0; at <= 10_000; at += 1) allowance.take(`name-${at}`);

  expect([allowance.has("name-0"), allowance.has("name-10000")]).toEqual([true, false]);
});

it("gives out so many slots, and each back once", () => {
  const slots = createSlots(2);
  const [first, second, third] = [slots.take(), slots.take(), slots.take()];
  first?.();
  first?.();

  expect(third).toBeUndefined();
  expect([slots.take(), slots.take()].map((one) => one !== undefined)).toEqual([true, false]);
  second?.();
});
