import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createPricing } from "./pricing.ts";

const orders = Array.from({ length: 500 }, (_, index) => index.toString(16).padStart(8, "0"));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The share of orders that can be priced. */
function priced(priceOf: (order: string) => unknown): number {
  const done = orders.filter((order) => {
    try {
      return priceOf(order) !== undefined;
    } catch {
      return false;
    }
  });
  return done.length / orders.length;
}

it("prices every order in a sound release", () => {
  const priceOf = createPricing("1.4.2");

  vi.advanceTimersByTime(60_000);

  expect(priced(priceOf)).toBe(1);
});

it("prices every order at first in 1.5.0, and only a share of them after its rates were refreshed", () => {
  const priceOf = createPricing("1.5.0");

  const atFirst = priced(priceOf);
  vi.advanceTimersByTime(60_000);

  expect(atFirst).toBe(1);
  expect(priced(priceOf)).toBe(0.6);
});

it("ends at its start in 1.6.0", () => {
  expect(() => createPricing("1.6.0")).toThrow(TypeError);
});
