import { expect, it } from "vitest";
import { ago, NOW } from "../../../test/samples/facts.ts";
import type { SeriesSummary } from "../../domain/evidence.ts";
import { describeChange } from "./metric-text.ts";
import { withPracticalSize } from "./practical-size.ts";

const change = (baseline: number, current: number, given: Partial<SeriesSummary> = {}): SeriesSummary => ({
  count: 60,
  first: ago(3600),
  last: NOW,
  baseline,
  current,
  min: Math.min(baseline, current),
  max: Math.max(baseline, current),
  onset: ago(600),
  changedAt: ago(600),
  direction: current > baseline ? "up" : "down",
  shape: "step",
  slopePerMinute: 0,
  ...given,
});

it.each([
  ["a seventh of the level and more", 100, 116, "requests", false],
  ["less than a seventh of the level", 100, 114, "requests", true],
  ["five points and more", 20, 25.5, "%", false],
  ["less than five points", 20, 24.5, "%", true],
  ["a fall to a tenth of a low level", 4, 0.3, "%", false],
  ["a fall to a fifth of a low level", 4, 0.8, "%", true],
  ["what is left of a full scale falling to a tenth", 96, 99.7, "%", false],
])("%s", (_, baseline, current, unit, small) => {
  const { onset, changedAt, shape } = withPracticalSize(change(baseline, current), unit);

  expect({ onset, changedAt, shape }).toEqual(
    small ? { shape: "flat" } : { onset: ago(600), changedAt: ago(600), shape: "step" },
  );
});

it("counts the height of a spike that is over", () => {
  const spike = { shape: "spike", max: 40 } as const;

  expect(withPracticalSize(change(20, 21, spike), "%").shape).toBe("spike");
  expect(withPracticalSize(change(20, 21, { ...spike, max: 24 }), "%").shape).toBe("flat");
});

it("says of a change for the better that it changed", () => {
  const { onset: _, ...better } = change(80, 8);

  expect(describeChange(withPracticalSize(better, "responses"), "responses")).toBe(
    "fell from 80 to 8 responses since 06:50:00 (step, lowest 8)",
  );
});
