import { expect, test } from "vitest";
import { sameTimeBefore } from "./same-time-before.ts";

const MINUTE = 60_000;
const DAY = 1440;
const NOW = Date.UTC(2025, 0, 15, 10);

/** Seven days of five-minute points; `level` of the minutes before now. */
const week = (level: (minutesAgo: number) => number, days = 7) =>
  Array.from({ length: days * 288 + 12 }, (_, i) => {
    const ago = (days * 288 + 12 - i) * 5;
    return { t: NOW - ago * MINUTE, v: level(ago) };
  });
/** Twenty minutes at 90 from a baseline of 20. */
const departure = { from: NOW - 20 * MINUTE, to: NOW, baseline: 20 };
const today = (ago: number) => (ago <= 20 ? 90 : undefined);
const daysBefore = (ago: number) => Math.round(ago / DAY);
const minuteOfDay = (ago: number) => ago - daysBefore(ago) * DAY;

test("a nightly job went as far each night", () => {
  const points = week((ago) => (minuteOfDay(ago) > 0 && minuteOfDay(ago) <= 20 ? 90 : 20));

  expect(sameTimeBefore(points, departure)).toEqual({
    days: 7,
    share: 1,
    hourAgo: 0,
    dayAgo: 1,
    weekAgo: 1,
  });
});

test("what never was has a share of nothing", () => {
  expect(
    sameTimeBefore(
      week((ago) => today(ago) ?? 20),
      departure,
    ),
  ).toEqual({
    days: 7,
    share: 0,
    hourAgo: 0,
    dayAgo: 0,
    weekAgo: 0,
  });
});

test("half as far is half", () => {
  const points = week((ago) => today(ago) ?? (minuteOfDay(ago) <= 20 ? 55 : 20));

  expect(sameTimeBefore(points, departure)?.share).toBeCloseTo(0.5);
});

test("a fall is compared downward", () => {
  const points = week((ago) => (minuteOfDay(ago) > 0 && minuteOfDay(ago) <= 20 ? 5 : 40));

  expect(sameTimeBefore(points, { ...departure, baseline: 40 })).toMatchObject({ share: 1, hourAgo: 0 });
  expect(
    sameTimeBefore(
      week((ago) => (ago <= 20 ? 5 : 60)),
      { ...departure, baseline: 40 },
    )?.share,
  ).toBe(0);
});

test("what comes every hour was there an hour ago, and what comes weekly a week ago", () => {
  const hourly = week((ago) => (ago % 60 > 0 && ago % 60 <= 20 ? 90 : 20));
  const weekly = week((ago) => today(ago) ?? (daysBefore(ago) === 7 && minuteOfDay(ago) <= 20 ? 90 : 20));

  expect(sameTimeBefore(hourly, departure)?.hourAgo).toBe(1);
  expect(sameTimeBefore(weekly, departure)).toMatchObject({ share: 0, weekAgo: 1, dayAgo: 0 });
});

test.each([
  ["sooner", 50, 1],
  ["later", -50, 1],
  ["too soon", 90, 0],
  ["too late", -90, 0],
])("an event that began %s", (_, shift, share) => {
  const points = week(
    (ago) => today(ago) ?? (minuteOfDay(ago) - shift > 0 && minuteOfDay(ago) - shift <= 20 ? 90 : 20),
  );

  expect(sameTimeBefore(points, departure)?.share).toBe(share);
});

test("one high point of a day is not twenty minutes", () => {
  const points = week((ago) => today(ago) ?? (minuteOfDay(ago) === 10 ? 90 : 20));

  expect(sameTimeBefore(points, departure)?.share).toBe(0);
});

test("a day with fewer points than now is not known", () => {
  const gappy = week((ago) => today(ago) ?? 90).filter(
    ({ t }) => t > NOW - 30 * MINUTE || t % (180 * MINUTE) === 0,
  );

  expect(sameTimeBefore(gappy, departure)).toBeUndefined();
});

test("a young service has no days before, and a departure of hours no hour before", () => {
  const young = week((ago) => today(ago) ?? 20, 1).filter(({ t }) => t >= NOW - 120 * MINUTE);

  expect(sameTimeBefore(young, departure)).toEqual({ days: 0, share: 0, hourAgo: 0 });
  expect(sameTimeBefore(young, { ...departure, from: NOW - 90 * MINUTE })).toBeUndefined();
  expect(sameTimeBefore([], departure)).toBeUndefined();
});
