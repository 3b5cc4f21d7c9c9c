import { expect, it } from "vitest";
import { timeTicks, valueTicks } from "../../reporting/rca/chart-scale.ts";
import {
  confidenceWord,
  formatConfidence,
  formatDuration,
  formatMeasure,
  formatMinute,
  formatOffset,
  formatOrdinal,
} from "./format.ts";
import { sparkline } from "./sparkline.ts";

it.each([
  [0, "0 ms"],
  [840, "840 ms"],
  [4_200, "4.2 s"],
  [60_000, "1 min"],
  [190_000, "3 min 10 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
  [-4_200, "-4.2 s"],
  [59_970, "1 min"],
  [999.7, "1 s"],
  [Number.NaN, "an unknown time"],
])("formats %d ms as %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

it.each([
  [0.91, "0.91"],
  [0.9, "0.90"],
  [1, "1.00"],
  [0, "0.00"],
  [0.7501, "0.7501"],
  [0.123456, "0.1235"],
])("formats the confidence %d as %s", (confidence, text) => {
  expect(formatConfidence(confidence)).toBe(text);
});

it("names confidence in words, good only above the usual threshold", () => {
  expect([0.2, 0.5, 0.75, 0.7501, 0.9].map(confidenceWord)).toEqual([
    "low",
    "moderate",
    "moderate",
    "good",
    "high",
  ]);
});

it("formats offsets to the millisecond and measures with their unit", () => {
  expect([formatOffset(1_042), formatOffset(-40)]).toEqual(["+1.042 s", "-0.040 s"]);
  expect([formatMeasure(97.812, "Percent"), formatMeasure(12, "Count"), formatMeasure(3, "Bytes")]).toEqual([
    "97.81 %",
    "12",
    "3 Bytes",
  ]);
});

it.each([
  ["2026-11-23T07:31:59Z", "2026-11-23T07:01:00Z", "07:31 UTC"],
  ["2026-11-24T00:01:00Z", "2026-11-23T23:59:00Z", "2026-11-24 00:01 UTC"],
  ["2026-11-23T07:31:59Z", "no time", "2026-11-23 07:31 UTC"],
  ["Status: ✅ Resolved", "2026-11-23T07:01:00Z", "an unknown time"],
])("formats the moment %s near %s as %s", (iso, near, text) => {
  expect(formatMinute(iso, near)).toBe(text);
});

it("counts times as people do", () => {
  expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111].map(formatOrdinal)).toEqual([
    "1st",
    "2nd",
    "3rd",
    "4th",
    "11th",
    "12th",
    "13th",
    "21st",
    "22nd",
    "101st",
    "111th",
  ]);
});

it("draws a trend in at most the given width", () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7])).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline([])).toBe("");
  expect(sparkline([5, 5])).toBe("▁▁");
  expect(sparkline(Array.from({ length: 119 }, (_, index) => index))).toHaveLength(20);
});

it("puts ticks at round values and times", () => {
  expect(valueTicks(0, 105, 5)).toEqual([0, 25, 50, 75, 100]);
  expect(valueTicks(0, 0, 5)).toEqual([0]);
  expect(timeTicks(0, 3_600_000, 6)).toHaveLength(7);
  expect(timeTicks(1_000, 61_000, 4)).toEqual([15_000, 30_000, 45_000, 60_000]);
});
