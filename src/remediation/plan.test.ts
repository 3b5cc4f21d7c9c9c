import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  limits,
  metric,
  packOf,
  policyOf,
  service,
  steady,
  task,
  taskArn,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import type { Cause } from "../domain/cause.ts";
import { planRestart, planScale } from "./plan.ts";

const restart = (cause: Cause, facts: readonly Draft[], policy: unknown = {}) =>
  planRestart(packOf(facts), cause, policyOf(policy));

function tasksOf(planned: ReturnType<typeof planRestart>): string[] | string {
  if (!planned.ok) return planned.reason;
  return planned.plan.action === "restart" ? planned.plan.tasks.map((one) => one.taskId) : [];
}

const NOBODY_SICK = "No running task is sick now; those that failed were already replaced.";
const ABC = [
  task("a", { startedAt: ago(50) }),
  task("b", { startedAt: ago(5000) }),
  task("c", { startedAt: ago(500) }),
];
const memoryOf = (levels: Readonly<Record<string, number>>) =>
  Object.entries(levels).map(([taskId, level]) => metric("task-memory", level, { taskId }));

describe("a restart's plan", () => {
  it("stops the tasks over the limit, the worst first", () => {
    const planned = restart("memory-leak", [...ABC, ...memoryOf({ a: 85, b: 40, c: 97 })]);

    expect(planned).toMatchObject({
      ok: true,
      provenSick: true,
      plan: {
        tasks: [{ taskArn: taskArn("c"), taskId: "c", why: "memory at 97 % of its limit" }, { taskId: "a" }],
      },
    });
  });

  it("holds the tasks against the alarm's threshold, where it is about memory", () => {
    const facts = [...ABC, ...memoryOf({ a: 60, b: 58, c: 72 })];

    expect(tasksOf(restart("memory-leak", [metric("memory", 72, { threshold: 70 }), ...facts]))).toEqual([
      "c",
    ]);
    expect(tasksOf(restart("memory-leak", facts))).toBe(NOBODY_SICK);
  });

  it("takes no threshold that the service is always beyond, such as 0.8 typed for 80 %", () => {
    const facts = [...ABC, ...memoryOf({ a: 41, b: 40, c: 42 })];
    const typed = steady("memory", 42, {
      threshold: 0.8,
      insideThreshold: false,
      comparison: "GreaterThanThreshold",
    });

    expect(tasksOf(restart("memory-leak", [typed, ...facts]))).toBe(NOBODY_SICK);
  });

  it("takes no threshold of a series that may only explain", () => {
    const facts = [...ABC, ...memoryOf({ a: 60, b: 58, c: 62 })];
    const foreign = metric("memory", 60, { threshold: 50, explainsOnly: "it is about the whole cluster" });

    expect(tasksOf(restart("memory-leak", [foreign, ...facts]))).toBe(NOBODY_SICK);
  });

  it("chooses no task by a series that applications can write", () => {
    const levels = memoryOf({ a: 97, b: 40, c: 40 });
    const custom = levels.map((fact) => ({ ...fact, provenance: "custom-metric" as const }));
    const doubted = levels.map(
      (fact) => ({ ...fact, data: { ...fact.data, explainsOnly: "AWS/ECS is flat" } }) as Draft,
    );

    expect(tasksOf(restart("memory-leak", [...ABC, ...levels]))).toEqual(["a"]);
    expect(tasksOf(restart("memory-leak", [...ABC, ...custom]))).toBe(NOBODY_SICK);
    expect(tasksOf(restart("memory-leak", [...ABC, ...doubted]))).toBe(NOBODY_SICK);
  });

  it("stops the tasks whose disk is full, and none that only has more on it than the others", () => {
    const disks = (levels: Readonly<Record<string, number>>) =>
      Object.entries(levels).map(([taskId, level]) => metric("task-disk", level, { taskId }));

    expect(tasksOf(restart("disk-full", [...ABC, ...disks({ a: 99, b: 20, c: 21 })]))).toEqual(["a"]);
    expect(tasksOf(restart("disk-full", [...ABC, ...disks({ a: 80, b: 20, c: 21 })]))).toBe(NOBODY_SICK);
  });

  it("sees a task that stands out from its siblings before it is over the limit", () => {
    expect(tasksOf(restart("memory-leak", [...ABC, ...memoryOf({ a: 75, b: 30, c: 32 })]))).toEqual(["a"]);
    expect(tasksOf(restart("memory-leak", [...ABC, ...memoryOf({ a: 30, b: 10, c: 10 })]))).toBe(NOBODY_SICK);
  });

  it("leaves tasks alone that already recovered, although one was killed before", () => {
    expect(tasksOf(restart("oom-kill", [...ABC, ...memoryOf({ a: 20, b: 22, c: 21 })]))).toBe(NOBODY_SICK);
  });

  it("stops no more tasks than the policy allows", () => {
    const facts = [...ABC, ...memoryOf({ a: 95, b: 96, c: 97 })];

    expect(tasksOf(restart("oom-kill", facts, { limits: { maxRestarts: 2 } }))).toEqual(["c", "b"]);
  });

  it("names a task once, however often it is told of", () => {
    const twice = [...ABC, ...ABC, ...memoryOf({ a: 95 }), ...memoryOf({ a: 96, b: 90 })];

    expect(tasksOf(restart("oom-kill", twice))).toEqual(["a", "b"]);
    expect(tasksOf(restart("hung-task", [...ABC, ...ABC, unhealthyTarget("c")]))).toEqual(["c"]);
  });

  it("ignores metrics of tasks that do not run, and tasks that do not run yet", () => {
    const facts = [task("a", { lastStatus: "PENDING" }), task("b"), ...memoryOf({ a: 99, gone: 99, b: 50 })];

    expect(tasksOf(restart("oom-kill", facts))).toBe(NOBODY_SICK);
    expect(tasksOf(restart("oom-kill", [task("a", { lastStatus: "DEPROVISIONING" })]))).toBe(
      "No running task is left to restart.",
    );
  });

  it("stops the hung task and no other", () => {
    const planned = restart("hung-task", [...ABC, ...memoryOf({ a: 99 }), unhealthyTarget("b")]);

    expect(planned).toMatchObject({
      ok: true,
      provenSick: true,
      plan: { tasks: [{ taskId: "b", why: "unhealthy: Target.Timeout" }] },
    });
  });

  it("sees the container's own health check", () => {
    expect(tasksOf(restart("hung-task", [...ABC, task("d", { health: "UNHEALTHY" })]))).toEqual(["d"]);
  });

  it("stops nothing for unhealthy targets that belong to no running task, or are only draining", () => {
    const facts = [
      ...ABC,
      unhealthyTarget(),
      unhealthyTarget("gone"),
      unhealthyTarget("a", { state: "draining" }),
      unhealthyTarget("b", { state: "initial" }),
    ];

    expect(tasksOf(restart("hung-task", facts))).toBe(NOBODY_SICK);
  });

  it("looks at CPU, not memory, when CPU is the trouble", () => {
    const facts = [...ABC, ...memoryOf({ a: 99 }), metric("task-cpu", 97, { taskId: "c" })];

    expect(tasksOf(restart("cpu-saturation", facts))).toEqual(["c"]);
  });

  it("prefers proof of sickness over age when no per-task metric exists", () => {
    const facts = [...ABC, metric("memory", 95), unhealthyTarget("c")];

    expect(tasksOf(restart("memory-leak", facts))).toEqual(["c"]);
  });
});

describe("a restart's plan without per-task metrics", () => {
  it("is the oldest task, while the service still shows the symptom", () => {
    const planned = restart("memory-leak", [...ABC, metric("memory", 95)]);

    expect(planned).toMatchObject({
      ok: true,
      provenSick: false,
      plan: { tasks: [{ taskId: "b", why: "the oldest task; a leak grows with age" }] },
    });
  });

  it.each([
    ["memory is back", [metric("memory", 50)]],
    ["memory is unknown", []],
    ["memory is inside the alarm's threshold", [metric("memory", 89, { threshold: 90 })]],
  ])("is nobody when %s", (_, facts) => {
    expect(tasksOf(restart("memory-leak", [...ABC, ...facts]))).toBe(NOBODY_SICK);
  });

  it.each(["hung-task", "cpu-saturation"] as const)("is nobody for %s: age says nothing of it", (cause) => {
    expect(tasksOf(restart(cause, [...ABC, metric("memory", 95)]))).toBe(NOBODY_SICK);
  });

  it("is nobody when no task has a known age", () => {
    expect(tasksOf(restart("memory-leak", [task("a"), task("b"), metric("memory", 95)]))).toBe(NOBODY_SICK);
  });

  it("does not guess by age when some tasks have metrics and none of those is sick", () => {
    const facts = [...ABC, metric("memory", 95), steady("task-memory", 30, { taskId: "a" })];

    expect(tasksOf(restart("memory-leak", facts))).toBe(NOBODY_SICK);
  });
});

describe("a scaling plan", () => {
  const scale = (facts: readonly Draft[], policy: unknown = {}) => planScale(packOf(facts), policyOf(policy));

  it("adds the configured step to the desired count, not to the running one", () => {
    expect(scale([service({ desired: 4, running: 1 })])).toMatchObject({ plan: { from: 4, to: 6 } });
    expect(scale([service()], { limits: { scaleStep: 5 } })).toMatchObject({ plan: { from: 3, to: 8 } });
  });

  it("stops at the lower of the policy's and autoscaling's maximum", () => {
    expect(scale([service({ desired: 9 }), limits(1, 10)])).toMatchObject({ plan: { from: 9, to: 10 } });
    expect(scale([service({ desired: 9 })], { limits: { maxTasks: 10 } })).toMatchObject({
      plan: { to: 10 },
    });
  });

  it.each([
    ["autoscaling's maximum", [service({ desired: 10 }), limits(1, 10)], {}],
    ["more than autoscaling's maximum", [service({ desired: 12 }), limits(1, 10)], {}],
    ["the policy's maximum", [service({ desired: 20 })], {}],
  ])("is none at %s: it never scales in", (_, facts, policy) => {
    expect(scale(facts, policy)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("the most allowed is"),
    });
  });

  it("is none when the service could not be read", () => {
    expect(scale([limits(1, 10)])).toEqual({ ok: false, reason: "The desired count could not be read." });
  });
});
