import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  decideInput,
  logs,
  memory,
  metric,
  packOf,
  policyOf,
  SICK,
  scaleInput,
  service,
  stops,
} from "../../test/samples/facts.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { decide } from "./decide.ts";

/** What a model could send if nothing checked it on the way: values outside the type on purpose. */
const untyped = (value: unknown) => value as never;

describe("the decision table", () => {
  it("acts strictly above the threshold", () => {
    const decision = decide(decideInput({ diagnosis: { confidence: 0.7500001 } }));

    expect(decision).toMatchObject({ kind: "act", action: "restart" });
  });

  it.each([
    ["would act", {}],
    ["would decline anyway", { diagnosis: { confidence: 0.5 } }],
    ["would do nothing", { diagnosis: { action: "none" as const } }],
  ])("declines and says so while the policy of now cannot be used, where it %s", (_, given) => {
    const policyProblem = "The policy file cannot be used.";

    const decision = decide(decideInput({ ...given, policyProblem }));

    expect(decision).toMatchObject({ kind: "decline" });
    expect(decision.kind === "decline" && decision.reasons).toContain(policyProblem);
  });

  it("declines while the brake is on, and says whose", () => {
    const pause = {
      scope: { kind: "all" },
      by: "ann",
      at: ago(60),
      why: "database move",
      via: "cli",
    } as const;

    const decision = decide(decideInput({ pauses: [pause] }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: ["Paused by ann since 06:59 UTC, until somebody resumes: database move."],
    });
  });

  it("acts by scaling, too", () => {
    const decision = decide(scaleInput({ diagnosis: { confidence: 0.76 } }));

    expect(decision).toMatchObject({ kind: "act", plan: { action: "scale", from: 3, to: 5 } });
  });

  it.each([0.75, 0.7499, 0.5, 0])("declines at %d and says why", (confidence) => {
    const decision = decide(decideInput({ diagnosis: { confidence } }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: [`Earned confidence ${confidence.toFixed(2)} is not above 0.75.`],
    });
  });

  it.each([
    ["text", "0.99"],
    ["above 1", 1.01],
    ["a percentage", 95],
    ["negative", -0.1],
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["null", null],
    ["missing", undefined],
    ["true", true],
    ["a list", [0.99]],
    ["an object that pretends to be a number", { valueOf: () => 0.99 }],
  ])("declines when the confidence is %s", (_, confidence) => {
    const decision = decide(decideInput({ diagnosis: { confidence: untyped(confidence) } }));

    expect(decision).toMatchObject({ kind: "decline", confidence: { stated: 0, earned: 0 } });
    expect(decision.confidence.lowered[0]?.rule).toBe("confidence-not-a-number");
  });

  it("declines when no action is proposed, and says that in words", () => {
    const decision = decide(decideInput({ diagnosis: { action: "none", cause: "dependency-down" } }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: ["No restart, scaling or rollback of this service cures dependency-down."],
    });
  });

  it.each([
    ["no-fault", "Nothing is wrong, so nothing is done."],
    ["unknown", "The cause is not known, so nothing is done."],
    [
      "oom-kill",
      "The diagnosis proposes no action for this case of oom-kill. No rollback: when the last deployment began is not known.",
    ],
  ] as const)("says why nothing is done about %s", (cause, reason) => {
    const decision = decide(decideInput({ diagnosis: { action: "none", cause } }));

    expect(decision).toMatchObject({ kind: "decline", reasons: [reason] });
  });

  it.each(["reboot", "RESTART", "", "constructor", "toString", "__proto__", null, 7, {}])(
    "declines the unknown action %j",
    (action) => {
      const decision = decide(decideInput({ diagnosis: { action: untyped(action) } }));

      expect(decision.kind).toBe("decline");
      expect(decision.trail).toContainEqual(
        expect.objectContaining({ rule: "action-proposed", outcome: "refuse" }),
      );
    },
  );

  it.each(["cosmic-rays", "", "constructor", "toString", "__proto__", null, 7])(
    "declines the unknown cause %j",
    (cause) => {
      const decision = decide(decideInput({ diagnosis: { cause: untyped(cause) } }));

      expect(decision.kind).toBe("decline");
    },
  );

  it("follows the policy's threshold, strictly", () => {
    const at = (threshold: number, confidence: number) =>
      decide(
        decideInput({
          policy: policyOf({ limits: { confidenceThreshold: threshold } }),
          diagnosis: { confidence },
        }),
      ).kind;

    expect(at(0.9, 0.9)).toBe("decline");
    expect(at(0.9, 0.91)).toBe("act");
    expect(at(0.5, 0.51)).toBe("act");
    expect(at(1, 1)).toBe("decline");
  });

  it("names every rule that was evaluated, in order, on the way to an act", () => {
    const decision = decide(decideInput());

    expect(decision.trail.map(({ rule, outcome }) => `${rule}: ${outcome}`)).toEqual([
      "action-proposed: pass",
      "confidence-threshold: pass",
      "evidence-gate: pass",
      "cause-action-matrix: pass",
      "brake: pass",
      "policy-of-now: pass",
      "kill-switch: pass",
      "protected-service: pass",
      "mode: pass",
      "freeze-window: pass",
      "policy-names: pass",
      "cooldown: pass",
      "one-further-action: pass",
      "action-budget: pass",
      "no-repeat-of-unverified-action: pass",
      "blast-radius: pass",
      "service-active: pass",
      "scheduling-strategy: pass",
      "deployment-controller: pass",
      "deployment-strategy: pass",
      "no-deployment-running: pass",
      "ecs-first: pass",
      "shift-by-person: pass",
      "reversible: pass",
      "rollback-target: pass",
      "host-reachable: pass",
      "healthy-floor: pass",
      "restart-share: pass",
      "scale-bounds: pass",
      "autoscaling-settled: pass",
      "evidence-complete: pass",
      "alarm-target: pass",
      "still-in-alarm: pass",
    ]);
  });

  it("does nothing when the record of past actions could not be read", () => {
    const decision = decide(decideInput({ history: undefined }));

    expect(decision).toMatchObject({
      kind: "decline",
      reasons: ["The record of past actions could not be read, so nothing is done."],
    });
  });
});

describe("the evidence gate", () => {
  const decideOn = (diagnosis: Partial<Diagnosis>, facts = SICK) =>
    decide(decideInput({ facts: [logs(), memory(), ...facts], diagnosis }));

  it("never acts on log lines alone", () => {
    const decision = decideOn({ evidence: ["E1"], confidence: 1 });

    expect(decision.kind).toBe("decline");
    expect(decision.trail).toContainEqual(
      expect.objectContaining({ rule: "evidence-gate", outcome: "refuse" }),
    );
    expect(decision.confidence.earned).toBe(0.5);
  });

  it("names why a cited fact does not count", () => {
    const custom: Draft = {
      ...metric("memory", 97, { explainsOnly: "any application can write the namespace Shop/App" }),
      provenance: "custom-metric",
    } as Draft;
    const foreign = metric("alarm", 97, {
      explainsOnly: "it is about QueueName orders, not about this service",
    });
    const facts = [
      ...SICK.filter(({ kind }) => kind !== "metric" && kind !== "stopped-tasks"),
      custom,
      foreign,
    ];
    const ids = [3 + facts.length - 1, 3 + facts.length - 2].map((id) => `E${id}`);

    const decision = decideOn({ cause: "memory-leak", evidence: ["E1", ...ids], confidence: 1 }, facts);
    const reason = decision.trail.find(({ rule }) => rule === "evidence-gate")?.reason;

    expect(reason).toContain("does not count: any application can write the namespace Shop/App");
    expect(reason).toContain("does not count: it is about QueueName orders, not about this service");
    expect(reason).toContain("E1 does not count: log text alone never acts");
  });

  it("says nothing of log text where no log was cited", () => {
    const decision = decideOn({ evidence: ["E2"], confidence: 1 });

    expect(decision.trail.find(({ rule }) => rule === "evidence-gate")?.reason).not.toContain("log text");
  });

  it("never acts on memory of past incidents alone", () => {
    expect(decideOn({ evidence: ["E2"], confidence: 1 }).kind).toBe("decline");
  });

  it("does not count a true fact that supports another cause", () => {
    const decision = decideOn({ evidence: ["E1", "E2", "E4", "E6"], confidence: 1 });

    expect(decision.kind).toBe("decline");
  });

  it("does not count a supporting fact that the diagnosis does not cite", () => {
    expect(decideOn({ evidence: ["E4"], confidence: 1 }).kind).toBe("decline");
  });

  it("does not count a fact that calls itself control-plane by its kind, but comes from a log", () => {
    const forged = { ...stops("out-of-memory"), provenance: "log" as const };
    const decision = decide({
      ...decideInput({ diagnosis: { confidence: 1 } }),
      evidence: packOf([forged, ...SICK.slice(1)]),
    });

    expect(decision.kind).toBe("decline");
  });

  it("acts when log lines are cited next to a trusted fact", () => {
    expect(decideOn({ evidence: ["E1", "E3"] }).kind).toBe("act");
  });

  it("does not count a metric that is not raised", () => {
    const quiet = scaleInput({ facts: [service(), ...SICK.slice(1)], diagnosis: { confidence: 1 } });

    expect(decide(quiet).kind).toBe("decline");
  });
});
