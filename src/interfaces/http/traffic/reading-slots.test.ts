import { expect, it } from "vitest";
import { createReadingSlots } from "./reading-slots.ts";

function slotsOf(most: number) {
  const clock = { now: 0 };
  return { clock, slots: createReadingSlots(most, () => clock.now) };
}

it("gives out so many places, and each back once", () => {
  const { slots } = slotsOf(2);
  const [first, second, third] = [slots.take(), slots.take(), slots.take()];
  first?.free();
  first?.free();

  expect([second, third].map((one) => one === undefined)).toEqual([false, true]);
  expect([slots.take(), slots.take()].map((one) => one === undefined)).toEqual([false, true]);
});

it("gives the place of the slowest body to the next, and tells it", () => {
  const { clock, slots } = slotsOf(2);
  const slowest = slots.take();
  clock.now = 100;
  const slow = slots.take();

  clock.now = 249;
  expect(slots.take()).toBeUndefined();
  clock.now = 250;
  expect(slots.take()).toBeDefined();
  expect([slowest?.cutOff.aborted, slow?.cutOff.aborted]).toEqual([true, false]);
  expect(slots.take()).toBeUndefined();
  slowest?.free();
  expect(slots.take()).toBeUndefined();
});

it("keeps the place of a body that is here, however long the work takes", () => {
  const { clock, slots } = slotsOf(1);
  const kept = slots.take();
  kept?.read();
  clock.now = 60_000;

  expect(slots.take()).toBeUndefined();
  expect(kept?.cutOff.aborted).toBe(false);
});
