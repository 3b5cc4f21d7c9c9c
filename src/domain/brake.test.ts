import { expect, it } from "vitest";
import { type Pause, pausesOf, pauseText } from "./brake.ts";

const TARGET = { cluster: "production", service: "shop" };
const NOW = "2026-11-23T10:00:00.000Z";

const pauseOf = (changes: Partial<Pause> = {}): Pause => ({
  scope: { kind: "all" },
  by: "ann",
  at: "2026-11-23T09:12:00.000Z",
  via: "cli",
  ...changes,
});
const of = (service: string, cluster?: string): Pause =>
  pauseOf({ scope: { kind: "service", service, ...(cluster === undefined ? {} : { cluster }) } });

it.each([
  ["everything", pauseOf(), true],
  ["the service in every cluster", of("shop"), true],
  ["the service in its cluster", of("shop", "production"), true],
  ["the service in another cluster", of("shop", "staging"), false],
  ["another service", of("cart"), false],
  ["a service whose name begins alike", of("shop-2"), false],
])("holds a target by a pause of %s: %s", (_, pause, holds) => {
  expect(pausesOf([pause], TARGET, NOW)).toEqual(holds ? [pause] : []);
});

it.each([
  ["without an end", undefined, true],
  ["until later", "2026-11-23T10:00:00.001Z", true],
  ["until now", NOW, false],
])("holds a target by a pause %s: %s", (_, until, holds) => {
  const pause = pauseOf(until === undefined ? {} : { until });

  expect(pausesOf([pause], TARGET, NOW)).toHaveLength(holds ? 1 : 0);
});

it("counts a pause from a clock that is ahead at once", () => {
  expect(pausesOf([pauseOf({ at: "2026-11-23T10:00:05.000Z" })], TARGET, NOW)).toHaveLength(1);
});

it("names the pause of everything first", () => {
  const found = pausesOf([of("shop"), pauseOf()], TARGET, NOW);

  expect(found.map(({ scope }) => scope.kind)).toEqual(["all", "service"]);
});

it.each([
  [pauseOf(), "Paused by ann since 09:12 UTC, until somebody resumes."],
  [
    pauseOf({ until: "2026-11-23T11:12:00.000Z", why: "database move" }),
    "Paused by ann since 09:12 until 11:12 UTC: database move.",
  ],
  [
    { ...of("shop"), until: "2026-11-24T01:00:00.000Z" },
    "shop is paused by ann since 2026-11-23 09:12 until 2026-11-24 01:00 UTC.",
  ],
  [
    { ...of("shop", "production"), at: "2026-11-20T09:12:00.000Z", why: "Wait!" },
    "shop of the cluster production is paused by ann since 2026-11-20 09:12 UTC, until somebody resumes: Wait!",
  ],
])("says a pause in one sentence", (pause, sentence) => {
  expect(pauseText(pause, NOW)).toBe(sentence);
});
