import { expect, test } from "vitest";
import type { Point } from "./point.ts";
import { summarizeSeries } from "./summarize-series.ts";

const START = Date.UTC(2025, 0, 15, 10);
const minute = (index: number) => START + index * 60_000;
const at = (index: number) => new Date(minute(index)).toISOString();
const points = (values: readonly number[]): Point[] => values.map((v, index) => ({ t: minute(index), v }));
const repeat = (count: number, v: number): number[] => new Array<number>(count).fill(v);
const read = (values: readonly number[], options = {}) =>
  summarizeSeries(points(values), { periodSeconds: 60, ...options });

test("nothing usable is undefined", () => {
  const broken = [Number.NaN, Number.POSITIVE_INFINITY, 1e300].map((v) => ({ t: START, v }));

  expect(summarizeSeries([], { periodSeconds: 60 })).toBeUndefined();
  expect(summarizeSeries(broken, { periodSeconds: 60 })).toBeUndefined();
  expect(summarizeSeries([{ t: Number.NaN, v: 1 }], { periodSeconds: 60 })).toBeUndefined();
});

test("a single point is its own level", () => {
  expect(read([7])).toEqual({
    count: 1,
    first: at(0),
    last: at(0),
    baseline: 7,
    current: 7,
    min: 7,
    max: 7,
    direction: "none",
    shape: "flat",
    slopePerMinute: 0,
  });
});

test.each([0, 5, -3.5])("a constant %d is flat", (value) => {
  expect(read(repeat(60, value))).toMatchObject({ shape: "flat", direction: "none", baseline: value });
  expect(read(repeat(60, value))?.onset).toBeUndefined();
});

test("two of four hosts lost, with no noise at all, is a step at the minute", () => {
  expect(read([...repeat(40, 4), ...repeat(20, 2)])).toMatchObject({
    onset: at(40),
    shape: "step",
    direction: "down",
    baseline: 4,
    current: 2,
  });
});

test("a change of half a percent from a constant is no departure", () => {
  expect(read([...repeat(40, 60), ...repeat(20, 60.3)])).toMatchObject({ shape: "flat", direction: "none" });
});

test("a leak over the whole window begins at its first point", () => {
  expect(read(repeat(60, 0).map((_, i) => 40 + i * 0.75))).toMatchObject({
    onset: at(0),
    shape: "ramp",
    direction: "up",
    baseline: 40.75,
    slopePerMinute: 0.75,
  });
});

test("a leak with restarts is one ramp with the slope of its teeth", () => {
  const summary = read(repeat(60, 0).map((_, i) => 40 + (i % 15) * 3));

  expect(summary).toMatchObject({ shape: "ramp", direction: "up", onset: at(0) });
  expect(summary?.slopePerMinute).toBeCloseTo(3);
});

test("a departure that is over has an onset only when it explains the alarm", () => {
  const values = [...repeat(30, 1), ...repeat(5, 50), ...repeat(25, 1)];

  expect(read(values)).toMatchObject({ shape: "spike", direction: "up", baseline: 1, current: 1 });
  expect(read(values)?.onset).toBeUndefined();
  expect(read(values, { alarmAt: minute(36) })).toMatchObject({ shape: "spike", onset: at(30), baseline: 1 });
  expect(read(values, { alarmAt: minute(55) })?.onset).toBeUndefined();
});

test("one last point far out is an onset only when an alarm says so", () => {
  const values = [...repeat(30, 2), ...repeat(29, 3), 300];

  expect(read([...repeat(59, 2), 300])?.onset).toBeUndefined();
  expect(read([...repeat(59, 2), 300], { alarmAt: minute(60) })?.onset).toBe(at(59));
  expect(read(values, { alarmAt: minute(60) })?.max).toBe(300);
});

test("an improvement is a change without an onset", () => {
  const values = [...repeat(40, 80), ...repeat(20, 10)];

  expect(read(values, { goodDirection: "low" })).toMatchObject({
    shape: "step",
    direction: "down",
    baseline: 80,
    changedAt: at(40),
  });
  expect(read(values, { goodDirection: "low" })?.onset).toBeUndefined();
  expect(read(values, { goodDirection: "high" })?.onset).toBe(at(40));
});

test("counts reported only when not zero are read against the empty periods", () => {
  const errors = [40, 41, 42, 44, 45].map((index) => ({ t: minute(index), v: 12 }));
  const window = { from: minute(0), to: minute(46) };

  expect(summarizeSeries(errors, { periodSeconds: 60 })?.shape).toBe("flat");
  expect(summarizeSeries(errors, { periodSeconds: 60, absentIsZero: window })).toMatchObject({
    count: 46,
    baseline: 0,
    current: 12,
    onset: at(40),
  });
});

test("gaps, disorder, doubles and broken points change nothing", () => {
  const whole = points([...repeat(20, 10), ...repeat(20, 30)]);
  const messy = [...whole].reverse().filter((_, index) => index % 7 !== 3);
  messy.push(...whole.slice(5, 9), { t: minute(50), v: Number.NaN }, { t: Number.POSITIVE_INFINITY, v: 3 });

  expect(summarizeSeries(messy, { periodSeconds: 60 })).toMatchObject({
    onset: at(20),
    baseline: 10,
    current: 30,
  });
});

test("a period of zero, as of a mistaken caller, still gives an answer", () => {
  expect(read([1, 1, 1, 1, 9, 9, 9, 9], { periodSeconds: 0 })).toMatchObject({ shape: "step" });
});
