import { describe, expect, it } from "vitest";
import {
  type Draft,
  decideInput,
  diagnosisOf,
  gap,
  logs,
  metric,
  policyOf,
  SICK,
  scaleInput,
} from "../../test/samples/facts.ts";
import { PLACED } from "../../test/samples/rollbacks.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { decide } from "./decide.ts";

const rules = (given: Partial<Diagnosis> = {}): Diagnosis => diagnosisOf({ by: "rules", ...given });
const model = (given: Partial<Diagnosis> = {}): Diagnosis => diagnosisOf({ by: "model", ...given });
const unknown = rules({ cause: "unknown", action: "none", confidence: 0.4 });

type Given = Parameters<typeof decideInput>[0];

/** A task killed for lack of memory, which the rules would restart, and what a model says of it. */
const beside = (said: Partial<Diagnosis>, given: Given = {}) =>
  decide(decideInput({ ...given, diagnosis: rules(given.diagnosis), secondOpinion: model(said) }));

const asked = (decision: ReturnType<typeof decide>) =>
  decision.trail.filter(({ outcome }) => outcome === "ask").map(({ rule }) => rule);

describe("a model that agrees", () => {
  it("adds to the confidence, and the rules' action stays", () => {
    const decision = beside({ confidence: 0.9 });

    expect(decision).toMatchObject({ kind: "act", action: "restart" });
    expect(decision.confidence.earned).toBeCloseTo(18 / 19);
    expect(decision.confidence.raised).toMatchObject({ rule: "model-agrees", alone: 0.9 });
  });

  it.each([
    [0.61, "ask"],
    [0.6, "decline"],
  ])("at most doubles the odds: what the rules hold for %d likely comes to %s", (confidence, kind) => {
    const decision = beside({ confidence: 1 }, { diagnosis: { confidence } });

    expect(decision.kind).toBe(kind);
  });

  it("makes a question, never an act, of a cause that the rules are not sure of", () => {
    const decision = beside({ confidence: 0.9 }, { diagnosis: { confidence: 0.7 } });

    expect(decision).toMatchObject({ kind: "ask", action: "restart" });
    expect(asked(decision)).toEqual(["model-agrees"]);
    expect(decision.kind === "ask" && decision.why).toBe(
      "The model names oom-kill as well. Without that the confidence would be 0.70, not above 0.75.",
    );
  });

  it("adds by how sure it is", () => {
    const earned = (confidence: number) =>
      beside({ confidence }, { diagnosis: { confidence: 0.7 } }).confidence.earned;

    expect(earned(0.5)).toBe(0.7);
    expect(earned(0.55)).toBeCloseTo(0.74, 2);
    expect(earned(2 / 3)).toBeCloseTo(earned(0.99));
  });

  it.each([
    ["a source could not be read", { gaps: [gap("metrics")] }],
    ["no trusted fact supports the cause", { facts: [logs()] }],
  ])("adds nothing where %s", (_, given) => {
    const alone = decide(decideInput({ ...given, diagnosis: rules() }));

    const decision = beside({ confidence: 1 }, given);

    expect(decision.confidence).toEqual(alone.confidence);
  });

  it("adds nothing where it cites no trusted fact", () => {
    const decision = beside({ confidence: 1, evidence: ["E99"] }, { diagnosis: { confidence: 0.7 } });

    expect(decision).toMatchObject({ kind: "decline", confidence: { earned: 0.7 } });
  });

  it("agrees by the same change, whatever it calls the cause", () => {
    const decision = beside({ cause: "memory-leak" });

    expect(decision).toMatchObject({ kind: "act", cause: "oom-kill", confidence: { earned: 0.9 } });
    expect(decision.trail.map(({ rule }) => rule)).not.toContain("model-doubts");
  });
});

describe("a model that sees it otherwise", () => {
  const HOT: readonly Draft[] = [...SICK, metric("errors-5xx", 40), metric("requests", 900)];
  const others = (facts: readonly Draft[]) => facts.map((_, index) => `E${index + 1}`);

  it("turns the act into a question, and its action never replaces the rules'", () => {
    const decision = beside({ action: "none", confidence: 0.8 });

    expect(decision).toMatchObject({ kind: "ask", cause: "oom-kill", action: "restart" });
    expect(asked(decision)).toEqual(["model-doubts"]);
    expect(decision.kind === "ask" && decision.why).toBe(
      "The model says oom-kill with action none, not oom-kill with restart. A person decides.",
    );
  });

  it("does not let a careless restart through: same cause, other action", () => {
    const leaking = { cause: "bad-deploy", confidence: 0.9, evidence: others(PLACED) } as const;
    const facts = PLACED;
    const without = decide(decideInput({ facts, diagnosis: rules({ ...leaking, action: "rollback" }) }));

    const decision = decide(
      decideInput({
        facts,
        diagnosis: rules({ ...leaking, action: "rollback" }),
        secondOpinion: model({ ...leaking, action: "restart" }),
      }),
    );

    expect(without).toMatchObject({ kind: "ask", action: "rollback" });
    expect(decision).toMatchObject({ kind: "ask", action: "rollback", plan: { action: "rollback" } });
  });

  it("asks about scaling where it would restart", () => {
    const decision = decide(
      scaleInput({
        diagnosis: { by: "rules" },
        secondOpinion: model({ cause: "traffic-spike", action: "restart", confidence: 0.95 }),
      }),
    );

    expect(decision).toMatchObject({ kind: "ask", action: "scale" });
  });

  it.each([
    ["another cause that trusted facts support", { cause: "dependency-down", confidence: 0.8 }, "ask"],
    ["that nothing is wrong", { cause: "no-fault", confidence: 0.8 }, "ask"],
    ["that it does not know", { cause: "unknown", confidence: 0.9 }, "act"],
    ["another cause without being sure of it", { cause: "dependency-down", confidence: 0.5 }, "act"],
    ["another cause that is likelier than not", { cause: "dependency-down", confidence: 0.51 }, "ask"],
    ["a cause that no trusted fact supports", { cause: "certificate-expired", evidence: ["E1"] }, "act"],
  ] as const)("comes, where it says %s, to %s: %s", (_, said, kind) => {
    const decision = beside(
      { action: "none", evidence: others(HOT), ...(said as Partial<Diagnosis>) },
      { facts: HOT },
    );

    expect(decision).toMatchObject({ kind, action: "restart" });
  });

  it("only tells it where the policy does not let it hold an action", () => {
    const decision = beside(
      { action: "none", confidence: 0.9 },
      { policy: policyOf({ modelMayHold: false }) },
    );

    expect(decision.kind).toBe("act");
    expect(decision.trail).toContainEqual({
      rule: "model-doubts",
      outcome: "pass",
      reason: "The model says oom-kill with action none, not oom-kill with restart. The rules decide.",
    });
  });

  it("leaves alone what the rules hold for nothing, or for no fault", () => {
    const calm = rules({ cause: "no-fault", action: "none" });

    const decision = decide(decideInput({ diagnosis: calm, secondOpinion: model({ confidence: 0.99 }) }));

    expect(decision).toMatchObject({ kind: "decline", cause: "no-fault" });
  });
});

describe("a model where the rules see no cause", () => {
  const alone = (said: Partial<Diagnosis> = {}, given: Given = {}) =>
    decide(decideInput({ ...given, diagnosis: unknown, secondOpinion: model(said) }));

  it("asks a person what it proposes, in mode auto too", () => {
    const decision = alone();

    expect(decision).toMatchObject({ kind: "ask", cause: "oom-kill", plan: { action: "restart" } });
    expect(asked(decision)).toEqual(["model-alone"]);
  });

  it.each([
    ["no trusted fact supports it", { evidence: ["E99"] }, {}],
    ["it is not sure enough", { confidence: 0.75 }, {}],
    ["the action does not cure the cause", { action: "scale" }, {}],
    ["a guardrail refuses", {}, { policy: policyOf({ killSwitch: true }) }],
  ] as const)("asks nothing where %s", (_, said, given) => {
    expect(alone(said as Partial<Diagnosis>, given).kind).toBe("decline");
  });

  it("names no cause where it sees none or no fault", () => {
    expect(alone({ cause: "no-fault", action: "none" }).cause).toBe("unknown");
    expect(alone({ cause: "unknown", action: "none" }).cause).toBe("unknown");
  });

  it("asks at most where nobody asked the rules", () => {
    expect(decide(decideInput({ diagnosis: model() })).kind).toBe("ask");
  });
});

describe("a model that fails", () => {
  it.each([
    ["signs", "act"],
    ["ask", "ask"],
    ["nothing", "decline"],
  ] as const)("comes, with whenModelFails %s, to %s", (whenModelFails, kind) => {
    const decision = decide(
      decideInput({
        diagnosis: rules(),
        policy: policyOf({ whenModelFails }),
        modelFailure: { code: "model-unreachable" },
      }),
    );

    expect(decision.kind).toBe(kind);
    expect(decision.trail.find(({ rule }) => rule === "model-failed")?.reason).toContain(
      "The model gave no opinion (model-unreachable).",
    );
  });
});
