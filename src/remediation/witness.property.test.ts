import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionCase, opinionOn } from "../../test/samples/arbitrary-case.ts";
import type { Decision } from "../domain/decision.ts";
import { type DecideInput, decide } from "./decide.ts";

const RUNS = { numRuns: 4000 };

/** A case of the rules alone, and any model's answer to it. */
const witnessed = decisionCase.chain((input) => {
  const { secondOpinion: _, modelFailure: __, ...given } = input;
  const rules = { ...input.diagnosis, by: "rules" as const };
  return opinionOn(rules).map((model) => ({ alone: { ...given, diagnosis: rules }, model }));
});

const withModel = ({ alone, model }: { alone: DecideInput; model: DecideInput["diagnosis"] }) =>
  decide({ ...alone, secondOpinion: model });

const planOf = (decision: Decision) => (decision.kind === "decline" ? undefined : decision.plan);

describe("a model beside the rules, over any evidence, policy and answer", () => {
  it("meets cases of every kind, or these properties would say little", () => {
    const seen = new Map<string, number>();

    fc.assert(
      fc.property(witnessed, (one) => {
        const kinds = `${decide(one.alone).kind} -> ${withModel(one).kind}`;
        seen.set(kinds, (seen.get(kinds) ?? 0) + 1);
      }),
      RUNS,
    );

    for (const kinds of ["act -> act", "act -> ask", "decline -> ask", "ask -> ask", "decline -> decline"]) {
      expect([kinds, (seen.get(kinds) ?? 0) > 5]).toEqual([kinds, true]);
    }
  });

  it("never acts where the rules alone would not, nor otherwise than they would", () => {
    fc.assert(
      fc.property(witnessed, (one) => {
        const decision = withModel(one);
        if (decision.kind !== "act") return;

        const alone = decide(one.alone);
        expect(alone.kind).toBe("act");
        expect(planOf(decision)).toEqual(planOf(alone));
      }),
      RUNS,
    );
  });

  it("never makes nothing of what the rules would do or ask, and never another change", () => {
    fc.assert(
      fc.property(witnessed, (one) => {
        const alone = decide(one.alone);
        if (alone.kind === "decline") return;

        const decision = withModel(one);
        expect(decision.kind === alone.kind || decision.kind === "ask").toBe(true);
        expect(planOf(decision)).toEqual(planOf(alone));
      }),
      RUNS,
    );
  });

  it("is asked about where a question is its own, with a trusted fact and the policy's confidence behind it", () => {
    fc.assert(
      fc.property(witnessed, (one) => {
        const decision = withModel(one);
        if (decision.kind !== "ask" || decide(one.alone).kind !== "decline") return;

        expect(decision.confidence.earned).toBeGreaterThan(one.alone.policy.limits.confidenceThreshold);
        expect(decision.trail).toContainEqual(
          expect.objectContaining({ rule: "evidence-gate", outcome: "pass" }),
        );
      }),
      RUNS,
    );
  });

  it("costs nothing where it fails: the rules decide, unless the policy wants it otherwise", () => {
    fc.assert(
      fc.property(witnessed, ({ alone }) => {
        const { kind } = decide(alone);
        const failing = (whenModelFails: "signs" | "ask" | "nothing") =>
          decide({
            ...alone,
            policy: { ...alone.policy, whenModelFails },
            modelFailure: { code: "model-unreachable" },
          });

        expect(failing("signs").kind).toBe(kind);
        expect(failing("ask").kind).toBe(kind === "act" ? "ask" : kind);
        expect(failing("nothing").kind).toBe("decline");
      }),
      RUNS,
    );
  });

  it("decides alike whichever of the two opinions comes first", () => {
    fc.assert(
      fc.property(witnessed, ({ alone, model }) => {
        const turned = decide({ ...alone, diagnosis: model, secondOpinion: alone.diagnosis });

        expect(turned).toEqual(decide({ ...alone, secondOpinion: model }));
      }),
      RUNS,
    );
  });
});
