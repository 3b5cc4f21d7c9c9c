/** Which fact lets a cause be acted on: one of its kind does, and its near misses do not. */
import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  diff,
  event,
  logs,
  memory,
  metric,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import { CAUSES, type Cause } from "../domain/cause.ts";
import type { Fact } from "../domain/evidence.ts";
import { supportsCause } from "./remedies.ts";

/** By name, a fact of every kind that matters here. */
const FACTS = {
  "oom stop": stops("out-of-memory"),
  crash: stops("crashed"),
  "pull stop": stops("image-pull-failed"),
  "disk stop": stops("disk-full"),
  "stop for want of room": stops("no-capacity"),
  "memory up": metric("memory", 95),
  "memory steady": steady("memory", 95),
  "memory steady above its threshold": steady("memory", 95, {
    threshold: 90,
    comparison: "GreaterThanThreshold",
    insideThreshold: false,
    beyond: "above",
  }),
  "memory steady at its threshold": steady("memory", 90, {
    threshold: 90,
    comparison: "GreaterThanThreshold",
    insideThreshold: true,
  }),
  "memory below a lower threshold": steady("memory", 9, {
    threshold: 10,
    comparison: "LessThanThreshold",
    insideThreshold: false,
    beyond: "below",
  }),
  "memory that spiked and came back": metric("memory", 40, { summary: { shape: "spike", max: 95 } }),
  "memory falls": metric("memory", 20, { summary: { direction: "down" } }),
  "memory up and flat again": metric("memory", 95, { summary: { shape: "flat" } }),
  "full disk of a task": steady("task-disk", 97, { taskId: "a" }),
  "disk of a task with room": steady("task-disk", 95, { taskId: "a" }),
  "requests up": metric("requests", 500),
  "errors up": metric("errors-5xx", 40),
  "unhealthy target": unhealthyTarget("a"),
  "healthy target": unhealthyTarget("a", { state: "healthy" }),
  "unhealthy task": task("a", { health: "UNHEALTHY" }),
  "healthy task": task("a", { health: "HEALTHY" }),
  "unhealthy event": event("unhealthy"),
  "placement event": event("placement-failure"),
  "other event": event("other"),
  "failing deployment": deployment({ failedTasks: 2 }),
  "failed deployment": deployment({ rolloutState: "FAILED" }),
  "running deployment": deployment({ inProgress: true }),
  "old deployment": deployment(),
  change: diff(),
  "no change": { ...diff(), data: { from: "shop:6", to: "shop:7", changes: [] } } as Draft,
  "service at zero": service({ desired: 0 }),
  service: service(),
  "log lines": logs(),
  "past incident": memory(),
} as const satisfies Record<string, Draft>;

const SUPPORTED: Partial<Record<Cause, readonly (keyof typeof FACTS)[]>> = {
  "oom-kill": ["oom stop"],
  "memory-leak": ["oom stop", "memory up", "memory steady above its threshold"],
  "traffic-spike": ["requests up"],
  "hung-task": ["unhealthy target", "unhealthy task", "unhealthy event"],
  "bad-deploy": ["crash", "errors up", "failing deployment", "failed deployment", "change"],
  "image-pull-failure": ["pull stop"],
  "dependency-down": ["errors up"],
  "disk-full": [
    "disk stop",
    "full disk of a task",
    "errors up",
    "unhealthy target",
    "unhealthy task",
    "unhealthy event",
  ],
  "capacity-unavailable": ["stop for want of room", "placement event"],
  "desired-count-zero": ["service at zero"],
  "deploy-in-progress": ["running deployment"],
  "no-fault": [],
  unknown: [],
};

describe("a cause is supported", () => {
  it.each(Object.entries(SUPPORTED) as [Cause, readonly string[]][])("%s: by %j alone", (cause, expected) => {
    const supporting = Object.entries(FACTS).filter(([, fact]) =>
      supportsCause(cause, { ...fact, id: "E1" }),
    );

    expect(supporting.map(([name]) => name)).toEqual(expected);
  });

  it.each(Object.keys(CAUSES) as Cause[])("%s: never by what a stranger can write", (cause) => {
    const written = Object.values(FACTS).filter((fact) =>
      (["log", "memory", "custom-metric", "trigger"] as const).some((provenance) =>
        supportsCause(cause, { ...fact, provenance, at: ago(60), id: "E1" } as never),
      ),
    );

    expect(written).toEqual([]);
  });

  it.each(Object.keys(CAUSES) as Cause[])("%s: never by a series that is about something else", (cause) => {
    const foreign = Object.values(FACTS).filter(
      (fact) =>
        fact.kind === "metric" &&
        supportsCause(cause, {
          ...fact,
          data: { ...fact.data, explainsOnly: "it is about the queue orders" },
          id: "E1",
        }),
    );

    expect(foreign).toEqual([]);
  });

  it.each([
    ["always beyond a threshold typed as 0.8 for 80 %", 0.8, 40, false],
    ["beyond a threshold that it is usually below", 45, 50, true],
    ["always beyond its threshold, and hot by any measure", 80, 95, true],
  ])(
    "by a steady series that is %s: only where that tells something",
    (_what, threshold, current, expected) => {
      const baseline = threshold === 45 ? 40 : current;
      const fact = metric("memory", current, {
        threshold,
        comparison: "GreaterThanThreshold",
        insideThreshold: false,
        beyond: "above",
        summary: { baseline, direction: "none", shape: "flat" },
      });

      expect(supportsCause("memory-leak", { ...fact, id: "E1" } as Fact)).toBe(expected);
    },
  );

  it("never, where the cause is none that is known", () => {
    expect(supportsCause("toString" as Cause, { ...FACTS["oom stop"], id: "E1" })).toBe(false);
  });
});
