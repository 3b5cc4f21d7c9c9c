import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RuleResult } from "../../../src/domain/decision.ts";
import { type DecideInput, decide } from "../../../src/remediation/decide.ts";
import { decisionCase } from "../../samples/arbitrary-case.ts";
import type { Claim } from "./claim.ts";
import { GATE_CLAIMS } from "./gates.ts";
import { GUARDRAIL_CLAIMS } from "./guardrails.ts";
import { PLAN_CLAIMS } from "./plans.ts";
import { WITNESS_CLAIMS } from "./witness.ts";

const CLAIMS: readonly Claim[] = [...GATE_CLAIMS, ...GUARDRAIL_CLAIMS, ...PLAN_CLAIMS, ...WITNESS_CLAIMS];

/** Said where a rule has not what it needs, whatever rule it is. */
const NOT_EVALUATED = /^This rule could not be evaluated, so it refuses: .+/;

function claimsOf({ rule, outcome, reason }: RuleResult): Claim[] {
  return CLAIMS.filter((one) => one.rule === rule && one.outcome === outcome && one.says.test(reason));
}

/** What is wrong with one sentence of a decision: nobody knows what it claims, or it is not so. */
function problemOf({ rule, outcome, reason }: RuleResult, input: DecideInput): string | undefined {
  if (outcome === "refuse" && NOT_EVALUATED.test(reason)) return undefined;
  const known = claimsOf({ rule, outcome, reason });
  if (known.length === 0) return `nobody knows what it claims: [${rule}, ${outcome}] ${reason}`;
  const holds = known.some((one) => one.holds(input, one.says.exec(reason)?.groups ?? {}));
  return holds ? undefined : `it is not so: [${rule}, ${outcome}] ${reason}`;
}

/** Tests that hold every sentence of so many decisions against what it claims. */
export function describeSentences(decisions: number): void {
  describe("the sentences of a decision", () => {
    it("are said only where what they claim is so", () => {
      const said = new Set<Claim>();
      const problems = new Map<string, number>();

      for (const input of fc.sample(decisionCase, { numRuns: decisions, seed: 14 })) {
        for (const result of decide(input).trail) {
          for (const one of claimsOf(result)) said.add(one);
          const problem = problemOf(result, input);
          if (problem !== undefined) problems.set(problem, (problems.get(problem) ?? 0) + 1);
        }
      }

      expect([...problems].toSorted((a, b) => b[1] - a[1]).slice(0, 20)).toEqual([]);
      // The others are said of cases that other tests make by hand.
      expect(said.size).toBeGreaterThan(70);
    }, 120_000);

    it("are caught where one is false", () => {
      const [input] = fc.sample(decisionCase, { numRuns: 1, seed: 1 });
      if (input === undefined) throw new Error("no case");
      const lie = { rule: "kill-switch", outcome: "refuse", reason: "The kill switch is on." } as const;
      const off = { ...input, policy: { ...input.policy, killSwitch: false } };

      expect(problemOf(lie, off)).toMatch(/^it is not so/);
      expect(problemOf({ ...lie, reason: "It rains." }, off)).toMatch(/^nobody knows/);
    });
  });
}
