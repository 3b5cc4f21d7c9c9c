/** Where the former detectors turned on one number or one word: what must not turn there any more, and what must. */
import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  diff,
  event,
  limits,
  logs,
  metric,
  packOf,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";

const verdictOf = (...facts: readonly Draft[]) => diagnoseBySigns(packOf(facts));
const healthyTarget = unhealthyTarget("z", { state: "healthy" });
const fourTasks = ["a", "b", "c", "d"].map((id) => task(id, { ageSeconds: 90_000 }));
const requests = (times: number) =>
  metric("requests", 1000 * times, { unit: "", summary: { baseline: 1000, onset: ago(240), shape: "step" } });
const taskCpu = (id: string, current: number) =>
  current > 60 ? metric("task-cpu", current, { taskId: id }) : steady("task-cpu", current, { taskId: id });
const said = (
  template: string,
  data: Partial<Extract<Draft, { kind: "log-pattern" }>["data"]> = {},
): Draft => {
  const draft = logs(undefined) as Extract<Draft, { kind: "log-pattern" }>;
  return { ...draft, data: { ...draft.data, template, ...data } };
};
const CONNECTIONS = said("connection-limit", { signal: "too-many-connections" });
const releasedBefore = deployment({ secondsBeforeOnset: 600, createdAt: ago(900) });

describe("half as many requests again", () => {
  it("are no cliff: a little more or less changes neither cause nor much of the confidence", () => {
    const at = (times: number) =>
      verdictOf(service(), requests(times), metric("cpu", 92), metric("latency-p50", 2, { unit: "s" }));
    const [less, more] = [at(1.49), at(1.51)];

    expect([less.cause, less.action]).toEqual([more.cause, more.action]);
    expect(Math.abs(less.confidence - more.confidence)).toBeLessThan(0.12);
  });

  it("are more surely growth the more they are", () => {
    const sure = [1.5, 1.6, 2].map(
      (times) => verdictOf(service(), requests(times), metric("cpu", 92)).confidence,
    );

    expect(sure).toEqual(sure.toSorted((a, b) => a - b));
  });
});

describe("one task of four that is hot", () => {
  const hot = [taskCpu("a", 127), ...["b", "c", "d"].map((id) => taskCpu(id, 22))];

  it("is restarted, not scaled for, also while traffic rose", () => {
    const { cause, action } = verdictOf(
      service({ desired: 4, running: 4 }),
      ...fourTasks,
      ...hot,
      metric("cpu", 48),
      requests(2),
    );

    expect(action).not.toBe("scale");
    expect(cause).not.toBe("traffic-spike");
  });

  it("is one task only where the others are cool", () => {
    const all = ["a", "b", "c", "d"].map((id) => taskCpu(id, 95));

    expect(
      verdictOf(
        service(),
        ...fourTasks,
        ...all,
        metric("cpu", 95),
        requests(2),
        steady("errors-5xx", 1, { unit: "" }),
        limits(1, 10),
      ),
    ).toMatchObject({
      cause: "traffic-spike",
      action: "scale",
    });
  });
});

it("a task that is sick now outranks errors that ended", () => {
  const ended = metric("errors-5xx", 1, {
    unit: "",
    summary: { baseline: 0, max: 60, shape: "spike", onset: ago(1200) },
  });
  const over = said("connection-refused <*>", {
    signal: "connection-refused",
    lastAt: ago(1100),
    firstAt: ago(1200),
  });

  expect(verdictOf(service(), ...fourTasks, ended, over, unhealthyTarget("a"), healthyTarget)).toMatchObject({
    cause: "hung-task",
    action: "restart",
  });
});

describe("a release shortly before what is called fails", () => {
  const failing = (template: string) => [
    service(),
    ...fourTasks,
    deployment({ secondsBeforeOnset: 120 }),
    diff(),
    metric("errors-5xx", 40, { unit: "", summary: { baseline: 0, onset: ago(300) } }),
    said(template, { count: 60, newSinceOnset: true }),
  ];

  it("is asked about where its calls are refused: it may call the wrong address", () => {
    expect(verdictOf(...failing("connection-refused <*>"))).toMatchObject({
      cause: "dependency-down",
      action: "rollback",
    });
  });

  it("is left alone where the other side answers with errors of its own", () => {
    expect(verdictOf(...failing("<*> upstream-5xx"))).toMatchObject({
      cause: "dependency-down",
      action: "none",
    });
  });
});

describe("calls that fail", () => {
  const errors = (data: object = {}) =>
    metric("errors-5xx", 40, { unit: "", summary: { baseline: 0, onset: ago(300), shape: "step", ...data } });
  const late = said("timeout exceeded", { signal: "timeout", count: 40, newSinceOnset: true });
  const slow = metric("latency-p50", 2, { unit: "s" });

  it("run out of time by the service's own fault where its CPU is at the limit", () => {
    expect(verdictOf(service(), ...fourTasks, errors(), slow, late, steady("cpu", 20)).cause).toBe(
      "dependency-down",
    );
    expect(verdictOf(service(), ...fourTasks, errors(), slow, late, metric("cpu", 98)).cause).toBe(
      "cpu-saturation",
    );
  });

  it("are the network's where one task of four gets no answer and the others do", () => {
    const lost = (taskIds: readonly string[], template = "connect ETIMEDOUT <*>") =>
      verdictOf(
        service(),
        ...fourTasks,
        errors(),
        said(template, {
          signal: "timeout",
          count: 50,
          taskIds: [...taskIds],
          taskCount: taskIds.length,
          taskTotal: 4,
          newSinceOnset: true,
        }),
      ).cause;

    expect(lost(["a"])).toBe("network-failure");
    expect(lost(["a", "b", "c", "d"])).toBe("dependency-down");
    expect(lost(["a"], "connection-refused <*>")).not.toBe("network-failure");
    // All that run say it; the others of those that ever logged were replaced.
    expect(lost(["a", "b", "c", "d", "gone"])).toBe("dependency-down");
  });

  it("meet a full database, not an own leak, where all fail from one moment to the next", () => {
    const asked = steady("requests", 44, { unit: "" });
    const young = ["a", "b"].map((id) => task(id, { ageSeconds: 120 }));
    const cause = (data: object) =>
      verdictOf(service(), ...young, errors(data), asked, CONNECTIONS, steady("cpu", 7)).cause;

    expect(cause({})).toBe("dependency-throttled");
    expect(cause({ shape: "ramp", current: 6 })).toBe("connection-leak");
  });
});

it("a release that takes CPU away is what makes answers late", () => {
  const slower = diff("task cpu");
  const lowered = {
    ...slower,
    data: { ...slower.data, changes: [{ what: "task cpu", before: "512", after: "128" }] },
  } as Draft;

  expect(
    verdictOf(
      service(),
      ...fourTasks,
      deployment({ secondsBeforeOnset: 60, createdAt: ago(300) }),
      lowered,
      metric("cpu", 100),
      metric("latency-p50", 2, { unit: "s" }),
      metric("elb-5xx", 18, { unit: "", summary: { baseline: 0 } }),
      said("timeout exceeded", { signal: "timeout", count: 20, newSinceOnset: true }),
    ),
  ).toMatchObject({ cause: "cpu-saturation", action: "rollback" });
});

it("one busy task beside idle ones is not scaled nor restarted while more arrives", () => {
  const hot = ["a", "b", "c", "d"].map((id) => taskCpu(id, id === "a" ? 99 : 30));

  expect(
    verdictOf(service(), ...fourTasks, ...hot, metric("cpu", 99), requests(2.5), limits(1, 8)),
  ).toMatchObject({ cause: "cpu-saturation", action: "none" });
});

it("targets that pass their checks now are newer than the metric that counted sick ones", () => {
  const counted = metric("unhealthy-hosts", 1, {
    unit: "",
    isAlarm: true,
    threshold: 1,
    comparison: "GreaterThanOrEqualToThreshold",
    insideThreshold: false,
    beyond: "above",
    summary: { baseline: 0 },
  });

  expect(verdictOf(service(), ...fourTasks, counted, healthyTarget).cause).toBe("no-fault");
  expect(verdictOf(service(), ...fourTasks, counted, healthyTarget, unhealthyTarget("a")).cause).toBe(
    "hung-task",
  );
});

describe("a task that ECS cannot start", () => {
  const says = (message: string) => {
    const draft = event("start-failure") as Extract<Draft, { kind: "service-event" }>;
    return verdictOf(service({ desired: 3, running: 1 }), { ...draft, data: { ...draft.data, message } });
  };

  it("is misconfigured where ECS says that a secret is not there, with ECS's words as the cause", () => {
    const { cause, rootCause } = says(
      "(service web) was unable to place a task. Reason: Fetching secret data from SSM Parameter Store in us-east-1: invalid parameters: /prod/DD_API_KEY.",
    );

    expect(cause).toBe("startup-misconfiguration");
    expect(rootCause).toContain("invalid parameters: /prod/DD_API_KEY");
  });

  it("lacks permission where ECS could not assume its role", () => {
    const { cause, rootCause } = says(
      "(service web) failed to launch a task with (error ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web-task' that was provided for this task.",
    );

    expect(cause).toBe("permission-denied");
    expect(rootCause).toContain("unable to assume the role");
  });
});

it("a release alone makes no health check suspect", () => {
  const { ranked } = verdictOf(
    healthyTarget,
    service(),
    ...fourTasks,
    deployment({ secondsBeforeOnset: 60 }),
    diff(),
    steady("cpu", 30),
  );

  expect(ranked?.map(({ cause }) => cause)).not.toContain("health-check-misconfigured");
});

it("a program of another architecture is a misconfigured start, whoever released it", () => {
  expect(
    verdictOf(
      service({ running: 0 }),
      deployment({ secondsBeforeOnset: 60, createdAt: ago(300), failedTasks: 4 }),
      stops("crashed", { count: 4, medianLifeSeconds: 2, containers: [{ name: "app", exitCode: 255 }] }),
      said("<*> exec-format", { signal: "wrong-architecture", count: 4, newSinceOnset: true }),
    ).cause,
  ).toBe("startup-misconfiguration");
});

it("a check on a port that no container opens is the check's fault, whatever the release", () => {
  const closed = unhealthyTarget("a", { reason: "Target.Timeout", wrongPort: 9090 });

  expect(verdictOf(service(), task("a"), closed, metric("unhealthy-hosts", 1, { unit: "" })).cause).toBe(
    "health-check-misconfigured",
  );
});

describe("what the same time of other days had", () => {
  const usual = { days: 7, share: 1, dayAgo: 1, weekAgo: 1 };
  const nightly = (more: object) =>
    metric("cpu", 95, { isAlarm: true, threshold: 70, insideThreshold: false, beyond: "above", ...more });

  it("is told as usual", () => {
    expect(verdictOf(service(), nightly({ usual }))).toMatchObject({ cause: "no-fault", action: "none" });
  });

  it("is a note that lowers, never a veto", () => {
    const harmed = [
      service(),
      nightly({ usual }),
      requests(3),
      metric("errors-5xx", 80, { unit: "" }),
      limits(1, 10),
    ];

    expect(verdictOf(...harmed).cause).toBe("traffic-spike");
  });

  it("is no word about what two days alone had", () => {
    expect(verdictOf(service(), nightly({ usual: { ...usual, days: 2 } })).cause).not.toBe("no-fault");
  });
});

describe("memory with teeth", () => {
  const climb = (teeth?: object) =>
    metric("memory", 85, {
      summary: { baseline: 60, ...(teeth === undefined ? {} : { teeth: teeth as never }) },
    });

  it("that fall back to the same floor is no leak", () => {
    expect(
      verdictOf(service(), climb({ peak: 85, floor: 60, floorMoves: false, since: ago(1800) })).action,
    ).toBe("none");
  });

  it("whose floor moves is one", () => {
    const rising = climb({ peak: 85, floor: 60, floorMoves: true, since: ago(1800) });

    expect(verdictOf(service(), rising)).toMatchObject({ cause: "memory-leak", action: "restart" });
    expect(verdictOf(service(), climb())).toMatchObject({ cause: "memory-leak", action: "restart" });
  });
});

describe("a failing deployment", () => {
  const failing = (data: Parameters<typeof deployment>[0]) =>
    deployment({
      failedTasks: 4,
      inProgress: true,
      rolloutState: "IN_PROGRESS",
      running: 0,
      desired: 2,
      ...data,
    });
  const empty: Draft = { ...diff(), data: { from: "shop:6", to: "shop:7", changes: [] } } as Draft;
  const crash = stops("crashed", { count: 4, medianLifeSeconds: 15 });

  it("that began after the onset did not cause it", () => {
    const late = failing({ secondsBeforeOnset: -900, createdAt: ago(100) });

    expect(verdictOf(service(), late, empty, CONNECTIONS, metric("errors-5xx", 40)).cause).not.toBe(
      "bad-deploy",
    );
    expect(verdictOf(service(), late, empty, CONNECTIONS, metric("errors-5xx", 40)).action).not.toBe(
      "rollback",
    );
  });

  it("without a difference is less suspected than one with", () => {
    const early = failing({ secondsBeforeOnset: 60, createdAt: ago(360) });
    const posteriorOf = (difference: Draft) =>
      verdictOf(service(), early, difference, crash).ranked?.find(({ cause }) => cause === "bad-deploy")
        ?.posterior ?? 0;

    expect(posteriorOf(empty)).toBeLessThan(posteriorOf(diff()));
  });

  it("that stands still for hours is not under way", () => {
    const standing = (seconds: number) =>
      deployment({
        inProgress: true,
        rolloutState: "IN_PROGRESS",
        running: 0,
        desired: 1,
        createdAt: ago(seconds),
        secondsBeforeOnset: seconds - 300,
      });

    expect(verdictOf(service({ desired: 1, running: 0 }), standing(3 * 3600)).cause).not.toBe(
      "deploy-in-progress",
    );
    expect(verdictOf(service({ desired: 1, running: 0 }), standing(300)).cause).toBe("deploy-in-progress");
  });
});

describe("a task that cannot start", () => {
  it("for lack of memory before its container runs has too low a limit", () => {
    const reason = "CannotStartContainerError: container init was OOM-killed (memory limit too low?)";
    const stop = stops("container-runtime-error", { count: 3, containers: [{ name: "app", reason }] });

    expect(verdictOf(service({ running: 2 }), stop, releasedBefore, diff())).toMatchObject({
      cause: "memory-limit-too-low",
      action: "rollback",
    });
    expect(verdictOf(service({ running: 2 }), stop).action).toBe("none");
  });

  it("since its port is in use is misconfigured", () => {
    const exits = stops("crashed", { count: 5, medianLifeSeconds: 6 });

    expect(verdictOf(service({ running: 1 }), exits, said("EADDRINUSE address-used")).cause).toBe(
      "startup-misconfiguration",
    );
  });
});

it("CPU at two thirds with answers five times as late is saturated by its traffic", () => {
  const late = metric("latency-p50", 1, { unit: "s", summary: { baseline: 0.2, onset: ago(240) } });

  expect(
    verdictOf(
      service(),
      requests(1.9),
      metric("cpu", 68, { summary: { onset: ago(240) } }),
      late,
      steady("errors-5xx", 1, { unit: "" }),
      limits(1, 10),
    ),
  ).toMatchObject({ cause: "traffic-spike", action: "scale" });
});

it("a tail of few requests after a release is nothing to go back for", () => {
  const tail = (quietTail: boolean) => metric("latency-p99", 3, { unit: "s", quietTail });

  expect(verdictOf(service(), releasedBefore, diff(), tail(true)).action).toBe("none");
});
