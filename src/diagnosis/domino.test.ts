import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  decideInput,
  deployment,
  limits,
  metric,
  packOf,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import { decide } from "../remediation/decide.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";

/** Tasks that are slow under load are killed by their checks, and the rest falls: aws/containers-roadmap#1271, #2714. */
const killed = (more: Parameters<typeof stops>[1] = {}) =>
  stops("failed-health-check", {
    count: 3,
    medianLifeSeconds: 7200,
    firstAt: ago(200),
    lastAt: ago(20),
    stopCode: "ServiceSchedulerInitiated",
    stoppedReason: "Task failed ELB health checks in (target-group web)",
    ...more,
  });
const requests = metric("requests", 300, { summary: { baseline: 100, onset: ago(330) } });
const late = [
  metric("latency-p99", 6, { summary: { onset: ago(300) } }),
  metric("latency-p50", 3, { summary: { onset: ago(300) } }),
];
const WORLD: readonly Draft[] = [
  service({ running: 2 }),
  deployment({ createdAt: ago(90_000), secondsBeforeOnset: 89_700 }),
  task("a"),
  task("b"),
  limits(1, 10),
  ...late,
];

function outcome(...facts: readonly Draft[]) {
  const all = [...WORLD, ...facts];
  const diagnosis = diagnoseBySigns(packOf(all));
  const { kind } = decide(decideInput({ facts: all, diagnosis }));
  return { cause: diagnosis.cause, action: diagnosis.action, kind, said: diagnosis.rootCause };
}

describe("tasks that are killed by their checks under load", () => {
  it.each([
    ["whose CPU is at its limit", metric("cpu", 96, { summary: { onset: ago(300) } })],
    ["that wait for something else than CPU", steady("cpu", 50)],
  ])("get more tasks beside them, and no restart, where they are ones %s", (_case, cpu) => {
    const { said, ...rest } = outcome(killed(), requests, cpu, unhealthyTarget("a"));

    expect(rest).toEqual({ cause: "traffic-spike", action: "scale", kind: "act" });
    expect(said).toContain("ECS replaced 3 tasks that failed health checks under this load");
  });

  it("get them where their replacements fall, too", () => {
    const falls = killed({ count: 6, medianLifeSeconds: 60 });

    expect(outcome(falls, requests, steady("cpu", 50), unhealthyTarget("a"))).toMatchObject({
      action: "scale",
      kind: "act",
    });
  });

  it.each([
    [
      "answer with a wrong status",
      [
        steady("cpu", 50),
        unhealthyTarget("a", { reason: "Target.ResponseCodeMismatch", description: "[503]" }),
      ],
    ],
    [
      "idle, since they wait for what they call",
      [metric("cpu", 10, { summary: { baseline: 40, direction: "down" } })],
    ],
    [
      "were released just before",
      [steady("cpu", 50), deployment({ createdAt: ago(400), secondsBeforeOnset: 100 })],
    ],
    [
      "answered with errors before the load grew",
      [steady("cpu", 50), metric("errors-5xx", 60, { summary: { onset: ago(900) } })],
    ],
  ] as const)("get no more tasks where they %s", (_case, facts) => {
    expect(outcome(killed(), requests, ...facts).action).not.toBe("scale");
  });
});
