import { describe, expect, it } from "vitest";
import { isTimeZone, nextWindow, parseWeekTime, windowAt } from "./index.ts";

const WEEKEND = { from: "Fri 16:00", to: "Mon 08:00", timeZone: "Europe/Berlin" };
const at = (iso: string) => Date.parse(iso);
const isoOf = (interval: { from: number; to: number } | undefined) =>
  interval && [interval.from, interval.to].map((time) => new Date(time).toISOString());

describe("a time in the week", () => {
  it.each([
    ["Fri 16:00", { day: 5, hour: 16, minute: 0 }],
    ["sunday 9:05", { day: 0, hour: 9, minute: 5 }],
    [" MON   00:00 ", { day: 1, hour: 0, minute: 0 }],
  ])("is read from %j", (text, read) => {
    expect(parseWeekTime(text)).toEqual(read);
  });

  it.each([
    "Fri",
    "16:00",
    "Fri 24:00",
    "Fri 16:60",
    "Fr 16:00",
    "Frinday 16:00",
    "Fri 16h",
    "Fri 16:00 UTC",
    "",
  ])("is not read from %j", (text) => {
    expect(parseWeekTime(text)).toBeUndefined();
  });
});

it.each([
  ["Europe/Berlin", true],
  ["UTC", true],
  ["Europe/Berln", false],
  ["+01:00", false],
  ["", false],
])("knows whether %j is a time zone", (name, known) => {
  expect(isTimeZone(name)).toBe(known);
});

describe("a weekly window", () => {
  it.each([
    ["2026-11-27T14:59:59.999Z", false],
    ["2026-11-27T15:00:00.000Z", true],
    ["2026-11-29T12:00:00.000Z", true],
    ["2026-11-30T06:59:59.999Z", true],
    ["2026-11-30T07:00:00.000Z", false],
    ["2026-12-02T12:00:00.000Z", false],
  ])("has its first moment in it and not its last: %s", (iso, inside) => {
    const found = windowAt(WEEKEND, at(iso));

    expect(isoOf(found)).toEqual(
      inside ? ["2026-11-27T15:00:00.000Z", "2026-11-30T07:00:00.000Z"] : undefined,
    );
  });

  it("can end in the week that begins on Sunday, or on the same day", () => {
    const night = { from: "Sat 22:00", to: "Sun 06:00", timeZone: "UTC" };
    const almostAWeek = { from: "Mon 08:00", to: "Mon 07:00", timeZone: "UTC" };

    expect(windowAt(night, at("2026-11-29T03:00:00Z"))).toBeDefined();
    expect(windowAt(night, at("2026-11-29T06:00:00Z"))).toBeUndefined();
    expect(windowAt(almostAWeek, at("2026-11-29T12:00:00Z"))).toBeDefined();
    expect(windowAt(almostAWeek, at("2026-11-30T07:30:00Z"))).toBeUndefined();
  });

  it("names the next one to begin, not the one that is going on", () => {
    const next = nextWindow(WEEKEND, at("2026-11-27T15:00:00Z"));

    expect(isoOf(next)).toEqual(["2026-12-04T15:00:00.000Z", "2026-12-07T07:00:00.000Z"]);
  });
});

describe("over a change of the clocks", () => {
  it("ends by the clock on the wall: an hour longer in autumn, an hour shorter in spring", () => {
    const autumn = windowAt(WEEKEND, at("2026-10-25T12:00:00Z"));
    const spring = windowAt(WEEKEND, at("2027-03-28T12:00:00Z"));

    expect(isoOf(autumn)).toEqual(["2026-10-23T14:00:00.000Z", "2026-10-26T07:00:00.000Z"]);
    expect(isoOf(spring)).toEqual(["2027-03-26T15:00:00.000Z", "2027-03-29T06:00:00.000Z"]);
  });

  it("begins the first time that the clock shows it, and ends the second time", () => {
    const from = { from: "Sun 02:30", to: "Sun 12:00", timeZone: "Europe/Berlin" };
    const to = { from: "Sat 12:00", to: "Sun 02:30", timeZone: "Europe/Berlin" };

    expect(isoOf(windowAt(from, at("2026-10-25T00:45:00Z")))?.[0]).toBe("2026-10-25T00:30:00.000Z");
    expect(isoOf(windowAt(to, at("2026-10-25T01:15:00Z")))?.[1]).toBe("2026-10-25T01:30:00.000Z");
  });

  it("takes a time that does not exist in spring for the moment of the change", () => {
    const window = { from: "Sat 12:00", to: "Sun 02:30", timeZone: "Europe/Berlin" };

    expect(isoOf(windowAt(window, at("2027-03-28T00:30:00Z")))?.[1]).toBe("2027-03-28T01:00:00.000Z");
  });

  it("has none where the clocks are never changed", () => {
    const window = { ...WEEKEND, timeZone: "Asia/Kolkata" };

    expect(isoOf(windowAt(window, at("2026-10-25T12:00:00Z")))).toEqual([
      "2026-10-23T10:30:00.000Z",
      "2026-10-26T02:30:00.000Z",
    ]);
  });
});
