import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  logs,
  metric,
  packOf,
  service,
  stops,
  task,
} from "../../test/samples/facts.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";

const crashed = (more: Parameters<typeof stops>[1] = {}) =>
  stops("crashed", {
    count: 12,
    medianLifeSeconds: 20,
    firstAt: ago(1200),
    lastAt: ago(20),
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    containers: [{ name: "app", exitCode: 1 }],
    endedBy: "app",
    ...more,
  });
const old = deployment({ createdAt: ago(90_000), secondsBeforeOnset: 89_700 });
const short = service({ running: 1 });

describe("a crash loop without a deployment", () => {
  it("is named, with container, exit code, count and since when, and nothing is done", () => {
    const { cause, rootCause, action, confidence } = diagnoseBySigns(packOf([short, old, crashed()]));

    expect({ cause, action }).toEqual({ cause: "crash-loop", action: "none" });
    expect(confidence).toBeGreaterThan(0.75);
    expect(rootCause).toBe(
      "Container app of shop:7 ended by itself 12 times since 06:40:00, with exit code 1, 20 s after its start; no deployment began shortly before.",
    );
  });

  it.each([
    ["a signal", 139, "exit code 139 (SIGSEGV)", "native code"],
    ["a kill that ECS did not make", 137, "exit code 137 (SIGKILL)", "who killed"],
    [
      "a command that is not there",
      127,
      "exit code 127 (the command is not found)",
      "command and entry point",
    ],
    ["an end without a failure", 0, "exit code 0", "belongs to a schedule"],
  ])("tells %s and what to look at", (_case, exitCode, text, step) => {
    const loop = crashed({
      class: exitCode === 0 ? "exited-successfully" : "crashed",
      containers: [{ name: "app", exitCode }],
    });

    const { cause, rootCause, nextSteps } = diagnoseBySigns(packOf([short, old, loop]));

    expect(cause).toBe("crash-loop");
    expect(rootCause).toContain(text);
    expect(nextSteps.join(" ")).toContain(step);
  });

  it("is one after minutes of work each time, too", () => {
    const loop = crashed({ count: 4, medianLifeSeconds: 900 });

    expect(diagnoseBySigns(packOf([short, old, loop])).cause).toBe("crash-loop");
  });

  it.each([
    ["one end", crashed({ count: 1 }), short],
    ["a few ends in a large service", crashed({ count: 3 }), service({ desired: 60, running: 60 })],
  ])("is not seen in %s", (_case, loop, size) => {
    expect(diagnoseBySigns(packOf([size, old, loop, task("b")])).cause).toBe("unknown");
  });

  it.each([
    ["a call that is refused", logs("connection-refused"), "dependency-down"],
    ["a setting that is missing", logs("missing-configuration"), "startup-misconfiguration"],
    ["a kill for memory", stops("out-of-memory", { count: 3 }), "oom-kill"],
  ])("is left to %s", (_case, fact, cause) => {
    expect(diagnoseBySigns(packOf([short, old, crashed(), fact])).cause).toBe(cause);
  });

  it("is left to the release that began it", () => {
    const release = deployment({
      createdAt: ago(400),
      secondsBeforeOnset: 100,
      failedTasks: 12,
      rolloutState: "IN_PROGRESS",
      inProgress: true,
      running: 0,
    });

    expect(diagnoseBySigns(packOf([short, release, crashed({ firstAt: ago(380) })])).cause).toBe(
      "bad-deploy",
    );
  });
});

describe("a container that is killed while its task runs on", () => {
  it("is named, and no task is restarted for it", () => {
    const ended = [
      {
        name: "otel",
        exitCode: 137,
        reason: "OutOfMemoryError: Container killed due to memory usage",
        memoryLimitMiB: 64,
      },
    ];

    const { cause, action, rootCause } = diagnoseBySigns(
      packOf([service(), old, task("a", { ended }), task("b", { ended }), task("c")]),
    );

    expect({ cause, action }).toEqual({ cause: "oom-kill", action: "none" });
    expect(rootCause).toContain("Container otel");
  });
});

describe("a kill for memory whose reason is open", () => {
  it("is told as the kill that ECS says, and nothing is done", () => {
    const kill = stops("out-of-memory", {
      count: 1,
      medianLifeSeconds: 20,
      lastAt: ago(20),
      containers: [
        { name: "app", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
      ],
      endedBy: "app",
    });

    const { cause, action, confidence } = diagnoseBySigns(
      packOf([service({ running: 2 }), old, kill, metric("memory", 86), task("a", { ageSeconds: 21 })]),
    );

    expect({ cause, action }).toEqual({ cause: "oom-kill", action: "none" });
    expect(confidence).toBeGreaterThan(0.5);
  });

  it("keeps a service from being well, where a container is gone in a task that runs", () => {
    const ended = [
      { name: "otel", exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage" },
    ];
    const ok: Draft = {
      kind: "alarm",
      provenance: "metric",
      statement: "the alarm is OK",
      data: { name: "shop-memory", state: "OK" },
    };
    const inside = metric("memory", 40, {
      isAlarm: true,
      threshold: 45,
      insideThreshold: true,
      summary: { baseline: 40, direction: "none", shape: "flat" },
    });

    expect(diagnoseBySigns(packOf([service(), old, ok, inside, task("a"), task("b", { ended })])).cause).toBe(
      "oom-kill",
    );
    expect(diagnoseBySigns(packOf([service(), old, ok, inside, task("a"), task("b")])).cause).toBe(
      "no-fault",
    );
  });
});
