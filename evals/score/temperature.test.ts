import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Claim } from "./calibration.ts";
import { atTemperature, fitTemperature, lossAt } from "./temperature.ts";

/** `right` of ten claims at a confidence. */
const tenAt = (confidence: number, right: number): Claim[] =>
  Array.from({ length: 10 }, (_, index) => ({ confidence, right: index < right }));

describe("the temperature", () => {
  it("is one where confidence is as often right as it says", () => {
    expect(fitTemperature([...tenAt(0.9, 9), ...tenAt(0.7, 7)])).toBeCloseTo(1, 2);
  });

  it("is hot where confidence is too high, and brings it to what is right", () => {
    const claims = tenAt(0.95, 7);

    const temperature = fitTemperature(claims);

    expect(temperature).toBeGreaterThan(2);
    expect(atTemperature(0.95, temperature)).toBeCloseTo(0.7, 2);
  });

  it("is cold where confidence is too low", () => {
    expect(fitTemperature(tenAt(0.6, 9))).toBeLessThan(0.5);
  });

  it("never loses to leaving the confidence as it is, and never changes the order of two", () => {
    const claim = fc.record({
      confidence: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
      right: fc.boolean(),
    });

    fc.assert(
      fc.property(fc.array(claim, { minLength: 1 }), (claims) => {
        const temperature = fitTemperature(claims);

        expect(lossAt(claims, temperature)).toBeLessThanOrEqual(lossAt(claims, 1) + 1e-6);
        expect(atTemperature(0.9, temperature)).toBeGreaterThan(atTemperature(0.6, temperature));
      }),
    );
  });
});
