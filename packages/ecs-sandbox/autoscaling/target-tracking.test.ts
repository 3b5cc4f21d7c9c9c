import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaleInTo, scaleOutTo, type TrackingInput, tasksFor } from "./target-tracking.ts";

const input: TrackingInput = { running: 2, desired: 2, min: 2, max: 8, value: 100, targetValue: 50 };
const now = 1_000_000;

describe("target tracking", () => {
  it.each([
    [2, 100, 50, 4],
    [2, 51, 50, 3],
    [3, 50, 50, 3],
    [4, 10, 50, 1],
    [3, 0, 50, 0],
  ])("shares the load of %i tasks at %i over tasks at %i: %i", (running, value, target, wanted) => {
    expect(tasksFor(running, value, target)).toBe(wanted);
  });

  it("scales out from what runs, up to the maximum", () => {
    expect(scaleOutTo(input, undefined, 60, now)).toBe(4);
    expect(scaleOutTo({ ...input, value: 1000 }, undefined, 60, now)).toBe(8);
    expect(scaleOutTo({ ...input, running: 0 }, undefined, 60, now)).toBeUndefined();
    expect(scaleOutTo({ ...input, desired: 8 }, undefined, 60, now)).toBeUndefined();
    expect(scaleOutTo({ ...input, desired: 0, running: 0 }, undefined, 60, now)).toBe(2);
  });

  it("makes only a larger scale-out during the cooldown", () => {
    const last = { from: 2, to: 4, at: now - 30_000 };
    const grown = { ...input, running: 4, desired: 4 };

    expect(scaleOutTo(grown, last, 60, now)).toBeUndefined();
    expect(scaleOutTo({ ...grown, value: 150 }, last, 60, now)).toBe(6);
    expect(scaleOutTo(grown, last, 20, now)).toBe(8);
  });

  it("scales in down to the minimum, and not during the cooldown", () => {
    const quiet = { ...input, running: 6, desired: 6, value: 20 };

    expect(scaleInTo(quiet, undefined, 60, now)).toBe(3);
    expect(scaleInTo({ ...quiet, value: 1 }, undefined, 60, now)).toBe(2);
    expect(scaleInTo({ ...quiet, desired: 12, running: 12, value: 44 }, undefined, 60, now)).toBe(8);
    expect(scaleInTo(quiet, { from: 8, to: 6, at: now - 30_000 }, 60, now)).toBeUndefined();
  });

  it("never leaves the bounds, whatever the metric says", () => {
    const inputs = fc
      .record({
        running: fc.nat(50),
        desired: fc.nat(50),
        min: fc.nat(10),
        span: fc.nat(20),
        value: fc.double({ min: 0, max: 1e6, noNaN: true }),
        targetValue: fc.double({ min: 0.1, max: 1000, noNaN: true }),
      })
      .map(({ span, ...rest }) => ({ ...rest, max: rest.min + span }));

    fc.assert(
      fc.property(inputs, (one) => {
        const out = scaleOutTo(one, undefined, 60, now);
        const back = scaleInTo(one, undefined, 60, now);
        for (const wanted of [out, back]) {
          if (wanted !== undefined && (wanted < one.min || wanted > one.max)) return false;
        }
        return (out === undefined || out > one.desired) && (back === undefined || back < one.desired);
      }),
    );
  });
});
