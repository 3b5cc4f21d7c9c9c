import { describe, expect, it } from "vitest";
import {
  BUSY,
  type Draft,
  decideInput,
  deployment,
  diff,
  event,
  metric,
  SICK,
  service,
  steady,
  stops,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import { CAUSES, type Cause } from "../domain/cause.ts";
import { decide } from "./decide.ts";

/**
 * The design's table, written down once more by hand: restart, scale, rollback. `+` allowed, `?` a person decides,
 * `d` a person decides and only if the onset follows a deployment, `h` allowed for the one hot task, `-` refused.
 */
const TABLE: Readonly<Record<Cause, string>> = {
  "oom-kill": "+ - d",
  "memory-leak": "+ - d",
  "connection-leak": "+ - d",
  "hung-task": "+ - d",
  "disk-full": "+ - d",
  "traffic-spike": "- + -",
  "traffic-loss": "- - -",
  "cpu-saturation": "h ? d",
  "bad-deploy": "- - ?",
  "memory-limit-too-low": "- - ?",
  "image-pull-failure": "- - ?",
  "startup-misconfiguration": "- - ?",
  "health-check-misconfigured": "- - ?",
  "dependency-down": "- - d",
  "dependency-throttled": "- - d",
  "retry-storm": "- - d",
  "network-failure": "- - d",
  "permission-denied": "- - d",
  "certificate-expired": "- - d",
  "capacity-unavailable": "- - d",
  "desired-count-zero": "- ? -",
  "deploy-in-progress": "- - -",
  "no-fault": "- - -",
  unknown: "- - -",
};

/** One fact that supports each cause, so that only the matrix can refuse. */
const SUPPORT: Readonly<Partial<Record<Cause, Draft>>> = {
  "oom-kill": stops("out-of-memory"),
  "memory-leak": metric("memory", 95),
  "connection-leak": metric("errors-5xx", 40),
  "hung-task": unhealthyTarget("a"),
  "disk-full": stops("disk-full"),
  "traffic-spike": metric("requests", 500),
  "cpu-saturation": metric("cpu", 95),
  "bad-deploy": stops("crashed"),
  "memory-limit-too-low": diff("task memory"),
  "image-pull-failure": stops("image-pull-failed"),
  "startup-misconfiguration": stops("initialization-failed"),
  "health-check-misconfigured": stops("failed-health-check"),
  "dependency-down": metric("errors-5xx", 40),
  "dependency-throttled": metric("elb-5xx", 40),
  "retry-storm": metric("requests", 500),
  "network-failure": metric("latency-p99", 9),
  "permission-denied": metric("errors-5xx", 40),
  "certificate-expired": metric("errors-5xx", 40),
  "capacity-unavailable": event("placement-failure"),
  "desired-count-zero": service({ desired: 0 }),
};

const ACTIONS = ["restart", "scale", "rollback"] as const;

const cells = Object.entries(TABLE).flatMap(([cause, row]) =>
  row.split(" ").map((cell, index) => ({
    cause: cause as Cause,
    action: ACTIONS[index] ?? "restart",
    cell,
  })),
);

function judged(cause: Cause, action: (typeof ACTIONS)[number], facts: readonly Draft[]) {
  const support = SUPPORT[cause];
  const decision = decide(
    decideInput({
      facts: [...(support === undefined ? [] : [support]), ...facts],
      diagnosis: { cause, action, confidence: 1 },
    }),
  );
  return { decision, matrix: decision.trail.find((result) => result.rule === "cause-action-matrix") };
}

describe("the cause × action matrix", () => {
  it("has a row for every cause", () => {
    expect(Object.keys(TABLE).sort()).toEqual(Object.keys(CAUSES).sort());
  });

  it.each(cells)("$cause: $action is $cell", ({ cause, action, cell }) => {
    const { decision, matrix } = judged(cause, action, SICK);

    // Whether a person is asked for a rollback is the mode's to say, which by default asks.
    const asked = action === "rollback" ? "pass" : "ask";
    const expected = { "+": "pass", "?": asked, d: "refuse", h: "refuse", "-": "refuse" }[cell];
    expect(matrix?.outcome).toBe(expected);
    if (cell !== "+") expect(decision.kind).not.toBe("act");
  });

  it.each(cells.filter(({ cell }) => cell === "d"))(
    "$cause: $action is possible when the onset follows a deployment",
    ({ cause, action }) => {
      const after = (seconds?: number) =>
        judged(cause, action, [
          ...SICK,
          deployment(seconds === undefined ? {} : { secondsBeforeOnset: seconds }),
        ]).matrix?.outcome;

      expect([0, 600, 3600].map(after)).toEqual(["pass", "pass", "pass"]);
      expect([-1, 3601, undefined].map(after)).toEqual(["refuse", "refuse", "refuse"]);
    },
  );

  it("restarts for CPU only when exactly one task is hot and all others are cool", () => {
    const withLoads = (...levels: number[]) => {
      const loads = levels.map((level, index) =>
        level > 50
          ? metric("task-cpu", level, { taskId: "abc"[index] ?? "" })
          : steady("task-cpu", level, { taskId: "abc"[index] ?? "" }),
      );
      const facts = BUSY.filter((draft) => draft.kind !== "metric");
      return judged("cpu-saturation", "restart", [...facts, ...loads]).decision;
    };

    expect(withLoads(96, 20, 21)).toMatchObject({ kind: "act", plan: { tasks: [{ taskId: "a" }] } });
    expect(withLoads(96, 20, 60).kind).toBe("decline");
    expect(withLoads(96, 95, 20).kind).toBe("decline");
    expect(withLoads(96).kind).toBe("decline");
    expect(withLoads(20, 20, 20).kind).toBe("decline");
  });
});
