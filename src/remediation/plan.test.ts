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
  stops,
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

const NOBODY_SICK = "No running task is sick now.";
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

describe("a restart of which nobody is sick", () => {
  it.each([
    ["one", 1, "No running task is sick now; the one that failed was already replaced."],
    ["several", 3, "No running task is sick now; the 3 that failed were already replaced."],
  ])("says that %s was replaced only where stops show it", (_, count, reason) => {
    const killed = [...ABC, stops("out-of-memory", { count }), ...memoryOf({ a: 20, b: 22, c: 21 })];

    expect(tasksOf(restart("oom-kill", [service(), ...killed]))).toBe(reason);
    expect(tasksOf(restart("oom-kill", [service({ running: 2 }), ...killed]))).toBe(NOBODY_SICK);
    expect(tasksOf(restart("oom-kill", [service({ pending: 1 }), ...killed]))).toBe(NOBODY_SICK);
    expect(tasksOf(restart("oom-kill", killed))).toBe(NOBODY_SICK);
  });

  it("does not say it of tasks that were scaled in", () => {
    const facts = [service(), ...ABC, stops("scaled-in-or-replaced"), ...memoryOf({ a: 20 })];

    expect(tasksOf(restart("oom-kill", facts))).toBe(NOBODY_SICK);
  });
});

describe("a restart's plan without per-task metrics", () => {
  const HIGH = metric("memory", 95);

  it.each([
    ["memory is back", [metric("memory", 50)]],
    ["memory is unknown", []],
    ["memory is inside the alarm's threshold", [metric("memory", 89, { threshold: 90 })]],
  ])("is nobody when %s", (_, facts) => {
    expect(tasksOf(restart("memory-leak", [...ABC, ...facts]))).toBe(NOBODY_SICK);
  });

  it.each(["hung-task", "cpu-saturation"] as const)("is nobody for %s: age says nothing of it", (cause) => {
    expect(tasksOf(restart(cause, [...ABC, HIGH]))).toBe(NOBODY_SICK);
  });

  it("does not guess by age when some tasks have metrics and none of those is sick", () => {
    const facts = [...ABC, HIGH, steady("task-memory", 30, { taskId: "a" })];

    expect(tasksOf(restart("memory-leak", facts))).toBe(NOBODY_SICK);
  });

  it("is the only task that there is", () => {
    expect(restart("memory-leak", [task("a"), HIGH])).toMatchObject({
      ok: true,
      plan: { tasks: [{ taskId: "a", why: "the only task, and memory climbs" }] },
    });
  });
});

describe("a leak of one task that nothing tells of by itself", () => {
  /** Memory climbs from 40 to 95 % since `seconds` ago, a point a minute, with what `dent` takes from one of them. */
  const climb = (seconds: number, dent: (at: number) => number = () => 0) =>
    metric("memory", 95, {
      statistic: "Maximum",
      summary: { baseline: 40, max: 95, onset: ago(seconds) },
      points: Array.from({ length: 60 }, (_, index): [number, number] => {
        const past = (60 - index) * 60;
        const share = Math.max(0, (seconds - past) / seconds);
        return [Date.parse(ago(past)), 40 + 55 * share - dent(past)];
      }),
    });

  it("is that of the only one that ran when the climb began", () => {
    const planned = restart("memory-leak", [...ABC, climb(1800)]);

    expect(planned).toMatchObject({ ok: true, plan: { tasks: [{ taskId: "b" }] } });
    expect(planned).not.toHaveProperty("doubt");
    expect(planned.ok && planned.plan.action === "restart" && planned.plan.tasks[0]?.why).toMatch(
      /^the only task that ran when memory began to climb at /,
    );
  });

  it("may be that of a task that started as the onset is read, a period or two late", () => {
    const young = [task("a", { startedAt: ago(1700) }), task("b", { startedAt: ago(5000) })];
    const younger = [task("a", { startedAt: ago(1600) }), task("b", { startedAt: ago(5000) })];

    expect(restart("memory-leak", [...young, climb(1800)])).toHaveProperty("doubt");
    expect(restart("memory-leak", [...younger, climb(1800)])).not.toHaveProperty("doubt");
  });

  it.each<[string, readonly Draft[]]>([
    ["several ran then", [climb(400)]],
    ["no series says when it began", [metric("memory", 95)]],
    [
      "memory fell back in between: the task that climbed was replaced",
      [climb(1800, (at) => (at === 900 ? 20 : 0))],
    ],
    ["a task ran out of memory since", [climb(1800), stops("out-of-memory", { lastAt: ago(600) })]],
  ])("is for a person to find where %s", (_, facts) => {
    const planned = restart("memory-leak", [...ABC, ...facts]);

    expect(planned).toMatchObject({
      ok: true,
      doubt: expect.stringMatching(/^One of \d tasks leaks, or more, and nothing tells which/),
    });
    expect(tasksOf(planned)).toContain("b");
  });

  it("leaves out those that are too young", () => {
    expect(tasksOf(restart("memory-leak", [...ABC, climb(400)]))).toEqual(["b", "c"]);
  });

  it("is still told where memory only wavers, or a task ran out of memory before", () => {
    const wavering = climb(1800, (at) => (at === 900 ? 10 : 0));
    const before = [climb(1800), stops("out-of-memory", { lastAt: ago(3000) })];

    expect(restart("memory-leak", [...ABC, wavering])).not.toHaveProperty("doubt");
    expect(restart("memory-leak", [...ABC, ...before])).not.toHaveProperty("doubt");
  });

  it("is looked for in the oldest where one is clearly older than all others", () => {
    const aged = (...ages: readonly number[]) =>
      ages.map((age, index) => task("abcd"[index] ?? "z", { ageSeconds: age, startedAt: ago(age) }));
    const ran = restart("memory-leak", [...aged(5000, 9000, 4000, 3000), climb(400)]);
    const unclear = restart("memory-leak", [...aged(5000, 9000, 4000), metric("memory", 95)]);

    expect(tasksOf(ran)).toEqual(["b"]);
    expect(ran).toMatchObject({
      doubt: expect.stringMatching(
        /all of them ran when memory began to climb\. The oldest has had the longest/,
      ),
    });
    expect(unclear).toMatchObject({
      plan: { tasks: [{ taskId: "b" }] },
      doubt: expect.stringMatching(/when the climb began is not clear/),
    });
    expect(tasksOf(restart("memory-leak", [...aged(8000, 9000, 4000), climb(400)]))).toEqual(["b", "a", "c"]);
  });

  it("is not looked for among more tasks than may be restarted", () => {
    const four = [...ABC, task("d", { startedAt: ago(5000) }), metric("memory", 95)];

    expect(restart("memory-leak", four)).toEqual({
      ok: false,
      reason: expect.stringMatching(/nothing tells which.*The policy lets 3 be restarted at most\.$/),
    });
  });
});

describe("a leak of every task", () => {
  const MEMORY = metric("memory", 95, { summary: { baseline: 45 } });
  const alike = (rise: number) => metric("memory-lowest", 40 + rise, { summary: { baseline: 40 } });
  const aged = (ages: Readonly<Record<string, number>>) =>
    Object.entries(ages).map(([id, ageSeconds]) => task(id, { ageSeconds, startedAt: ago(ageSeconds) }));

  it("restarts all that are equally old, oldest first", () => {
    const planned = restart("memory-leak", [...aged({ a: 8000, b: 10_000, c: 9000 }), MEMORY, alike(45)]);

    expect(tasksOf(planned)).toEqual(["b", "c", "a"]);
    expect(planned).not.toHaveProperty("doubt");
    expect(planned).toMatchObject({
      plan: { tasks: [{ why: "memory of every task climbs alike" }, {}, {}] },
    });
  });

  it("leaves the young ones, which are not full yet", () => {
    const planned = restart("memory-leak", [...aged({ a: 7900, b: 10_000, c: 300 }), MEMORY, alike(45)]);

    expect(planned).toMatchObject({
      plan: { tasks: [{ taskId: "b", why: expect.stringContaining("and this one is the oldest, ") }] },
    });
    expect(tasksOf(planned)).toEqual(["b"]);
  });

  it("restarts no more than the policy allows", () => {
    const facts = [...aged({ a: 9000, b: 10_000, c: 9500 }), MEMORY, alike(45)];

    expect(tasksOf(restart("memory-leak", facts, { limits: { maxRestarts: 2 } }))).toEqual(["b", "c"]);
  });

  it.each([
    ["the lowest only warms up", alike(24)],
    ["the lowest does not climb", steady("memory-lowest", 40)],
    [
      "the lowest only had a spike",
      metric("memory-lowest", 85, { summary: { baseline: 40, shape: "spike" } }),
    ],
  ])("is not seen where %s", (_, lowest) => {
    const planned = restart("memory-leak", [...aged({ a: 9000, b: 10_000, c: 300 }), MEMORY, lowest]);

    expect(planned).toHaveProperty("doubt");
  });
});

describe("a restart on a service whose floor lets no task go", () => {
  const SICK_A = memoryOf({ a: 97, b: 30, c: 32 });
  const surgeOf = (facts: readonly Draft[], policy: unknown = {}) => {
    const planned = restart("memory-leak", [...ABC, ...SICK_A, ...facts], policy);
    return planned.ok && planned.plan.action === "restart" ? planned.plan.surge : undefined;
  };

  it("adds a task first, by AWS's default of 100 % healthy", () => {
    expect(surgeOf([service()])).toEqual({ from: 3, to: 4, keep: 3 });
    expect(surgeOf([service({ minimumHealthyPercent: 100 }), limits(1, 4)])).toEqual({
      from: 3,
      to: 4,
      keep: 3,
    });
  });

  it("adds none where the floor lets one go, or the sick one serves nothing", () => {
    expect(surgeOf([service({ minimumHealthyPercent: 66 })])).toBeUndefined();
    expect(surgeOf([service(), unhealthyTarget("a")])).toBeUndefined();
  });

  it("adds one where the floor would let it go, were not others ill", () => {
    const facts = [service({ minimumHealthyPercent: 66 }), unhealthyTarget("b")];

    expect(surgeOf(facts)).toEqual({ from: 3, to: 4, keep: 2 });
  });

  it("adds none over autoscaling's or the policy's maximum", () => {
    expect(surgeOf([service(), limits(1, 3)])).toBeUndefined();
    expect(surgeOf([service()], { limits: { maxTasks: 3 } })).toBeUndefined();
  });

  it("stops those first that serve nothing", () => {
    const facts = [service(), ...ABC, ...memoryOf({ a: 97, b: 96, c: 95 }), unhealthyTarget("c")];

    expect(tasksOf(restart("memory-leak", facts))).toEqual(["c", "a", "b"]);
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
