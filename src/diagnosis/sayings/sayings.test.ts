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
} from "../../../test/samples/facts.ts";
import { REMEDY_CASES } from "../../../test/samples/remedy-cases.ts";
import { CAUSES, type Cause } from "../../domain/cause.ts";
import { viewOf } from "../view/evidence-view.ts";
import { sayingOf } from "./index.ts";

const say = (cause: Cause, ...facts: readonly Draft[]) => sayingOf(cause, viewOf(packOf(facts)));
const saidOf = (cause: Cause, ...facts: readonly Draft[]) => say(cause, ...facts).rootCause;

const kill = stops("out-of-memory", {
  count: 2,
  medianLifeSeconds: 900,
  containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed" }],
});
/** github.com/DataDog/datadog-agent/issues/29319 */
const killedSidecar = stops("out-of-memory", {
  containers: [
    { name: "app", exitCode: 143, essential: true },
    {
      name: "datadog-agent",
      exitCode: 137,
      reason: "OutOfMemoryError: Container killed due to memory usage",
      memoryLimitMiB: 256,
      limitOf: "container",
      sidecar: true,
    },
  ],
  endedBy: "datadog-agent",
});
const refused = stops("initialization-failed", {
  stoppedReason: "ResourceInitializationError: AccessDenied to secret shop/db.",
});
const requests = metric("requests", 300, { summary: { baseline: 100, onset: ago(300) } });
const idle = metric("cpu", 5, { summary: { baseline: 40, direction: "down" } });

/** What each cause is said to be on these facts, whole. */
const without = logs("timeout") as Extract<Draft, { kind: "log-pattern" }>;
const lost: Draft = {
  ...without,
  data: { ...without.data, template: "connect ETIMEDOUT <*>", taskIds: ["a"], taskCount: 1, taskTotal: 4 },
};

const SAID: readonly (readonly [Cause, string, readonly Draft[]])[] = [
  [
    "oom-kill",
    "2 tasks were killed for going over the memory limit (container app of shop:7), the last at 06:59:00, after running for 15 min.",
    [kill],
  ],
  [
    "oom-kill",
    "1 task was killed for going over the memory limit (shop:7), the last at 06:59:00.",
    [stops("out-of-memory")],
  ],
  [
    "oom-kill",
    "1 task was killed for going over the memory limit (container datadog-agent of shop:7, limit 256 MiB), the last at 06:59:00.",
    [killedSidecar],
  ],
  [
    "oom-kill",
    "Container otel of shop:7 was killed for going over its memory limit (64 MiB) in 1 of 2 running tasks, which go on without it.",
    [
      task("a", {
        ended: [
          {
            name: "otel",
            exitCode: 137,
            reason: "OutOfMemoryError: Container killed due to memory usage",
            memoryLimitMiB: 64,
          },
        ],
      }),
      task("b"),
    ],
  ],
  [
    "memory-leak",
    "Memory climbs, and no series tells of the load: task-memory went from 46 % to 92 % since 06:55:00; the other task is steady.",
    [
      metric("memory", 90),
      metric("task-memory", 92, { taskId: "a", summary: { onset: ago(300) } }),
      steady("task-memory", 40, { taskId: "b" }),
    ],
  ],
  [
    "memory-leak",
    "Memory rose at once and stays up, and no series tells of the load: memory went from 45 % to 90 % since 06:55:00.",
    [metric("memory", 90, { summary: { shape: "step" } })],
  ],
  ["memory-leak", "Memory is high: memory is at 90 %.", [steady("memory", 90)]],
  [
    "memory-limit-too-low",
    "The memory limit was lowered (task memory: 512 to 256) and tasks of container app of shop:7 are now killed for going over it.",
    [
      kill,
      {
        ...diff(),
        data: {
          from: "shop:6",
          to: "shop:7",
          changes: [{ what: "task memory", before: "512", after: "256" }],
        },
      } as Draft,
    ],
  ],
  [
    "memory-limit-too-low",
    "Tasks of shop:7 go over the memory limit within 20 s of their start: the limit is below what the application needs.",
    [stops("out-of-memory", { medianLifeSeconds: 20 })],
  ],
  [
    "traffic-spike",
    "Traffic rose to 3 times its baseline since 06:55:00 and CPU went from 48 % to 95 %.",
    [requests, metric("cpu", 95)],
  ],
  [
    "traffic-spike",
    "Traffic rose to 3 times its baseline since 06:55:00; neither CPU nor latency rose with it.",
    [requests, steady("cpu", 20)],
  ],
  [
    "cpu-saturation",
    "CPU went from 48 % to 95 %, and no series tells of the load, all of it in task-cpu.",
    [metric("cpu", 95), metric("task-cpu", 95, { taskId: "a" }), steady("task-cpu", 20, { taskId: "b" })],
  ],
  ["cpu-saturation", "CPU is at 95 %, and no series tells of the load.", [steady("cpu", 95)]],
  [
    "hung-task",
    "1 of 2 tasks (a) does not answer the health checks (Target.Timeout) while the others do.",
    [task("a"), task("b"), unhealthyTarget("a")],
  ],
  [
    "hung-task",
    "2 of 3 tasks (a, b) do not answer the health checks (Target.Timeout) while the others do.",
    [task("a"), task("b"), task("c"), unhealthyTarget("a"), unhealthyTarget("b")],
  ],
  [
    "hung-task",
    "The only task (a) does not answer the health checks (container health check).",
    [task("a", { health: "UNHEALTHY" })],
  ],
  [
    "health-check-misconfigured",
    "The targets answer, but not as the health check of shop wants it (codes: [404]): it asks for the wrong thing.",
    [unhealthyTarget("a", { reason: "Target.ResponseCodeMismatch", description: "codes: [404]" })],
  ],
  [
    "health-check-misconfigured",
    "ECS replaced 4 tasks of shop:7 for failed health checks after about 90 s: the check comes too early, is too strict or asks for the wrong thing.",
    [stops("failed-health-check", { count: 4, medianLifeSeconds: 90 })],
  ],
  [
    "image-pull-failure",
    "The image of shop:7 cannot be pulled: CannotPullContainerError: not found.",
    [stops("image-pull-failed", { stoppedReason: "CannotPullContainerError: not found." })],
  ],
  [
    "image-pull-failure",
    "The image of shop:7 cannot be pulled: ECS gives no reason.",
    [stops("image-pull-failed")],
  ],
  [
    "startup-misconfiguration",
    "Tasks of shop:7 cannot be initialised: ResourceInitializationError: AccessDenied to secret shop/db.",
    [refused],
  ],
  [
    "startup-misconfiguration",
    "Tasks of shop:7 exit right after their start (container app, exit code 1) since app command changed from a to b.",
    [
      stops("crashed", { medianLifeSeconds: 4, containers: [{ name: "app", exitCode: 1 }] }),
      diff("app command"),
    ],
  ],
  [
    "bad-deploy",
    "shop:7 fails since its deployment: 3 of its tasks stopped (changed: app image).",
    [deployment({ failedTasks: 1 }), stops("crashed", { count: 3 }), diff()],
  ],
  [
    "bad-deploy",
    "shop:7 fails since its deployment: ECS counts 1 failed task.",
    [deployment({ failedTasks: 1 })],
  ],
  [
    "bad-deploy",
    "shop:7 fails since its deployment: errors-5xx rose.",
    [deployment({ secondsBeforeOnset: 60 }), metric("errors-5xx", 40)],
  ],
  [
    "deploy-in-progress",
    "A deployment of shop:7 is running: 1 of 3 of its tasks are up.",
    [deployment({ inProgress: true, running: 1 })],
  ],
  ["capacity-unavailable", "ECS cannot place tasks: an event.", [event("placement-failure")]],
  [
    "permission-denied",
    "Tasks cannot start because a call is refused: ResourceInitializationError: AccessDenied to secret shop/db.",
    [refused],
  ],
  [
    "permission-denied",
    "Calls are refused for lack of permission (40 log lines say so, errors-5xx rose); its own tasks run.",
    [logs("permission"), metric("errors-5xx", 40), task("a")],
  ],
  [
    "dependency-down",
    "Answers take 3 s instead of 1.5 s while CPU fell from 40 % to 5 %: the tasks wait for something they call.",
    [metric("latency-p50", 3), idle],
  ],
  [
    "network-failure",
    "Every target of shop times out while the tasks run, and CPU fell from 40 % to 5 %: nothing reaches them.",
    [unhealthyTarget("a"), task("a"), idle],
  ],
  [
    "network-failure",
    "Connections of 1 of 4 tasks get no answer, while the other tasks reach what they call (errors-5xx rose).",
    [metric("errors-5xx", 40), lost, ...["a", "b", "c", "d"].map((id) => task(id))],
  ],
  [
    "dependency-throttled",
    "What the service calls takes no more connections (40 log lines say so); its own tasks run.",
    [logs("too-many-connections"), task("a")],
  ],
  [
    "connection-leak",
    "Connections or file descriptors of task a run out inside the service, more and more (errors-5xx rose), and no series tells of the load.",
    [metric("errors-5xx", 40), unhealthyTarget("a")],
  ],
  ["disk-full", "The disk of task a (97 %) is full.", [steady("task-disk", 97, { taskId: "a" })]],
  ["disk-full", "The disk of a task is full, as its log says.", [logs("disk-full")]],
  [
    "no-fault",
    "Nothing is wrong now: 3 of 3 tasks run and the alarm's metric is back inside its threshold.",
    [service(), steady("cpu", 20, { isAlarm: true, threshold: 80, insideThreshold: true })],
  ],
];

describe("what is said of a cause", () => {
  it.each(SAID)("%s: %s", (cause, text, facts) => {
    expect(saidOf(cause, ...facts)).toBe(text);
  });

  it("names only the cause where the facts hold nothing to say it by", () => {
    expect(saidOf("oom-kill", service())).toBe(`Most likely ${CAUSES["oom-kill"]}.`);
  });

  it("leaves scaling to autoscaling where the alarm is its own", () => {
    const own: Draft = {
      kind: "alarm",
      provenance: "control-plane",
      statement: "alarm",
      data: { name: "t", state: "ALARM", scaling: "out" },
    };

    expect(saidOf("traffic-spike", requests, metric("cpu", 95), own, service(), limits(1, 9))).toMatch(
      /adds tasks itself\.$/,
    );
  });

  it("says what is not known of each task where nothing measures it", () => {
    expect(say("memory-leak", metric("memory", 90)).missing).toEqual([
      expect.stringContaining("Per-task memory"),
    ]);
    expect(say("connection-leak", metric("errors-5xx", 40)).missing).toEqual([
      expect.stringContaining("In which task"),
    ]);
    expect(say("dependency-down", logs("timeout")).missing).toEqual([expect.stringContaining("A metric")]);
  });

  it("ask for the killed sidecar's memory, and for no heap of the application", () => {
    const { nextSteps } = say("oom-kill", killedSidecar);

    expect(nextSteps[0]).toContain("memory limit of container datadog-agent");
    expect(nextSteps.join(" ")).not.toContain("heap");
  });

  it.each(REMEDY_CASES)("is one whole sentence, with a next step: $cause, $action", ({ cause, facts }) => {
    const { rootCause, nextSteps, missing } = say(cause, ...facts);

    expect(rootCause).toMatch(/^[\w].*[^.]\.$/s);
    expect(rootCause).not.toMatch(/undefined|NaN|\b1 tasks\b|other 1 /);
    if (!rootCause.startsWith("Most likely")) expect(nextSteps.length).toBeGreaterThan(0);
    for (const text of [...nextSteps, ...missing]) expect(text).not.toMatch(/undefined|NaN/);
  });
});
