import { describe, expect, it } from "vitest";
import { type PlanInput, type PlannedTask, planStep } from "./placement-plan.ts";

function tasks(count: number, primary: boolean, healthy = true): PlannedTask[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${primary ? "new" : "old"}${index}`,
    primary,
    healthy,
  }));
}

function plan(input: Partial<PlanInput> & Pick<PlanInput, "desiredCount" | "tasks">) {
  return planStep({ minimumHealthyPercent: 100, maximumPercent: 200, mayStart: true, ...input });
}

describe("planStep", () => {
  it("starts what is missing and stops the oldest of what is too much, whatever its health", () => {
    expect(plan({ desiredCount: 3, tasks: tasks(1, true) })).toEqual({ start: 2, stop: [] });
    expect(plan({ desiredCount: 1, tasks: tasks(3, true) })).toEqual({ start: 0, stop: ["new0", "new1"] });
    const newest = { id: "sick", primary: true, healthy: false };
    expect(plan({ desiredCount: 1, tasks: [...tasks(1, true), newest] }).stop).toEqual(["new0"]);
  });

  it("doubles up before it stops old tasks at 100/200 percent", () => {
    expect(plan({ desiredCount: 2, tasks: tasks(2, false) })).toEqual({ start: 2, stop: [] });
    const half = [
      ...tasks(2, false),
      { id: "a", primary: true, healthy: true },
      { id: "b", primary: true, healthy: false },
    ];
    expect(plan({ desiredCount: 2, tasks: half })).toEqual({ start: 0, stop: ["old0"] });
  });

  it("stops first when it may not go over the desired count", () => {
    const settings = { minimumHealthyPercent: 50, maximumPercent: 100 };

    expect(plan({ desiredCount: 2, ...settings, tasks: tasks(2, false) })).toEqual({
      start: 0,
      stop: ["old0"],
    });
    expect(plan({ desiredCount: 2, ...settings, tasks: tasks(1, false) })).toEqual({ start: 1, stop: [] });
  });

  it("never stops a healthy old task below the minimum", () => {
    const rolling = [...tasks(2, false), ...tasks(2, true, false)];
    expect(plan({ desiredCount: 2, tasks: rolling }).stop).toEqual([]);
  });

  it("adds nothing to a failed deployment and leaves the old tasks alone", () => {
    const failed = { desiredCount: 3, mayStart: false, tasks: tasks(3, false) };
    expect(plan(failed)).toEqual({ start: 0, stop: [] });
  });
});
