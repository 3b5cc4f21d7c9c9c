import { expect, it } from "vitest";
import { Freeze, freezeAt, frozenText, isOver, nextFreeze } from "./freeze.ts";

const WEEKEND = Freeze.parse({
  from: "Fri 16:00",
  to: "Mon 08:00",
  timeZone: "Europe/Berlin",
  reason: "weekend",
});
const HOLIDAYS = Freeze.parse({
  from: "2026-12-24T00:00:00Z",
  to: "2026-12-27T00:00:00Z",
  services: ["shop"],
});
const SATURDAY = Date.parse("2026-11-28T12:00:00Z");
const MONDAY = Date.parse("2026-11-30T12:00:00Z");

it.each([
  [
    "a date without an offset",
    { from: "2026-12-24", to: "2026-12-27T00:00:00Z" },
    "from",
    "such as Fri 16:00",
  ],
  ["a date that ends on a weekday", { from: "2026-12-24T00:00:00Z", to: "Mon 08:00" }, "to", "as `from` is"],
  [
    "an end before its begin",
    { from: "2026-12-24T00:00:00Z", to: "2026-12-23T00:00:00Z" },
    "to",
    "after `from`",
  ],
  [
    "a date with a time zone",
    { from: "2026-12-24T00:00:00Z", to: "2026-12-27T00:00:00Z", timeZone: "UTC" },
    "timeZone",
    "a date has its offset",
  ],
  [
    "a weekday without a time",
    { from: "Fri", to: "Mon 08:00", timeZone: "UTC" },
    "from",
    "such as Fri 16:00",
  ],
  [
    "a weekday that ends on a date",
    { from: "Fri 16:00", to: "2026-12-27T00:00:00Z", timeZone: "UTC" },
    "to",
    "Mon 08:00",
  ],
  ["no length", { from: "Fri 16:00", to: "friday 16:00", timeZone: "UTC" }, "to", "another time of the week"],
  [
    "weekdays without a time zone",
    { from: "Fri 16:00", to: "Mon 08:00" },
    "timeZone",
    "add a name such as Europe/Berlin",
  ],
  [
    "a time zone that there is none of",
    { from: "Fri 16:00", to: "Mon 08:00", timeZone: "Europe/Berln" },
    "timeZone",
    '"Europe/Berln" is no time zone',
  ],
])("refuses %s, with its path and what to write", (_, given, path, message) => {
  const parsed = Freeze.safeParse(given);

  expect(parsed.error?.issues).toMatchObject([{ path: [path], message: expect.stringContaining(message) }]);
});

it("holds a service in its window, and says until when and how often", () => {
  const frozen = freezeAt([HOLIDAYS, WEEKEND], "cart", SATURDAY);

  expect(frozen && frozenText(frozen)).toBe(
    "from 2026-11-27T15:00:00.000Z to 2026-11-30T07:00:00.000Z, every week from Fri 16:00 to Mon 08:00 (Europe/Berlin): weekend",
  );
  expect(freezeAt([HOLIDAYS, WEEKEND], "cart", MONDAY)).toBeUndefined();
});

it("holds only the services that it is for", () => {
  const own = { ...WEEKEND, services: ["shop"] };

  expect(freezeAt([own], "shop", SATURDAY)).toBeDefined();
  expect(freezeAt([own], "cart", SATURDAY)).toBeUndefined();
});

it("names the next freeze of a service, or of any", () => {
  const night = { ...WEEKEND, services: ["cart"] };

  expect(nextFreeze([HOLIDAYS, WEEKEND], "shop", MONDAY)?.from).toBe("2026-12-04T15:00:00.000Z");
  expect(nextFreeze([HOLIDAYS, night], "shop", MONDAY)?.from).toBe("2026-12-24T00:00:00Z");
  expect(nextFreeze([HOLIDAYS, night], undefined, MONDAY)?.from).toBe("2026-12-04T15:00:00.000Z");
  expect(nextFreeze([HOLIDAYS], "cart", MONDAY)).toBeUndefined();
});

it("is over for good once its last date has passed, and never where it comes every week", () => {
  const late = Date.parse("2027-06-01T00:00:00Z");

  expect([isOver(HOLIDAYS, late), isOver(HOLIDAYS, MONDAY), isOver(WEEKEND, late)]).toEqual([
    true,
    false,
    false,
  ]);
});
