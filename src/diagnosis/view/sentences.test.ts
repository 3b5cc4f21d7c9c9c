import { describe, expect, it } from "vitest";
import {
  type Draft,
  deployment,
  metric,
  packOf,
  service,
  steady,
  task,
} from "../../../test/samples/facts.ts";
import { diagnoseBySigns } from "../diagnose-by-signs.ts";

/** What a person reads of the load and of the other tasks, from the facts alone. */

const saidOf = (...facts: readonly Draft[]) =>
  diagnoseBySigns(packOf([service(), deployment(), ...facts])).rootCause;

const requests = (times: number) =>
  metric("requests", 100 * times, { unit: "requests", summary: { baseline: 100, direction: "up" } });
const leak = [
  task("a"),
  task("b"),
  task("c"),
  metric("memory", 95),
  metric("task-memory", 95, { taskId: "a" }),
];

describe("the load beside what rose", () => {
  it.each([
    [1.05, "Memory climbs without load to explain it: "],
    [1.45, "Memory climbs, with requests at 1.4 times their baseline: "],
  ])("is told as it was: requests x %d", (times, says) => {
    const others = [steady("task-memory", 40, { taskId: "b" }), steady("task-memory", 40, { taskId: "c" })];

    expect(saidOf(...leak, ...others, requests(times))).toContain(says);
  });

  it("is told as not known where no series tells", () => {
    const others = [steady("task-memory", 40, { taskId: "b" }), steady("task-memory", 40, { taskId: "c" })];

    expect(saidOf(...leak, ...others)).toContain("Memory climbs, and no series tells of the load: ");
  });

  it.each([
    [1.05, "without traffic growth"],
    [1.2, "with requests at 1.2 times their baseline"],
  ])("is told beside CPU: requests x %d", (times, says) => {
    expect(saidOf(metric("cpu", 95), requests(times))).toMatch(
      new RegExp(`^CPU went from 48 % to 95 %.*${says}`),
    );
  });
});

describe("the other tasks", () => {
  it("are steady only where none of them moved", () => {
    const flat = steady("task-memory", 40, { taskId: "b" });
    const fell = metric("task-memory", 30, { taskId: "c", summary: { baseline: 60, direction: "down" } });

    expect(saidOf(...leak, flat, steady("task-memory", 41, { taskId: "c" }))).toContain(
      "the other 2 tasks are steady",
    );
    expect(saidOf(...leak, flat, fell)).toContain("the other 2 tasks do not climb");
    expect(saidOf(...leak, flat)).toContain("the other task is steady");
  });
});
