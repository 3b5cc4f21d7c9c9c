import type { ActionRecord } from "../domain/action-record.ts";
import type { Pause } from "../domain/brake.ts";
import type { Cause } from "../domain/cause.ts";
import type { Plan, RuleResult } from "../domain/decision.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";

/** What a guardrail may use: trusted configuration and evidence, nothing from a model. */
export interface GuardrailContext {
  readonly target: Target;
  readonly cause: Cause;
  readonly plan: Plan;
  readonly evidence: Evidence;
  readonly policy: Policy;
  /** Why the policy of now cannot be used, in which case `policy` is the last good one. */
  readonly policyProblem?: string | undefined;
  /** The brake: pauses as the store has them. */
  readonly pauses: readonly Pause[];
  /** OPSAGENT_MODE, the ceiling over the policy's modes. */
  readonly ceiling: Mode;
  /** Past actions of all services. */
  readonly history: readonly ActionRecord[];
  readonly now: string;
  /**
   * Which names of the policy (`restrainedNames`) are no service of the cluster; undefined where a case is judged
   * without the cluster.
   */
  readonly absentNames?: readonly string[] | "unreadable" | undefined;
  /** The incident that wants to act; tells its own earlier action from those of others. */
  readonly incidentId?: string | undefined;
}

/** A named rule. When `judge` throws, the rule cannot be evaluated, which refuses. */
export interface Guardrail {
  readonly name: string;
  readonly judge: (context: GuardrailContext) => Omit<RuleResult, "rule">;
}

export const pass = (reason: string) => ({ outcome: "pass", reason }) as const;
export const ask = (reason: string) => ({ outcome: "ask", reason }) as const;
export const refuse = (reason: string) => ({ outcome: "refuse", reason }) as const;

/** Returns a limit. Throws when it is not a number, since every comparison with it would be false and pass. */
export function limitOf(context: GuardrailContext, name: keyof GuardrailContext["policy"]["limits"]): number {
  const limit: unknown = context.policy.limits[name];
  if (typeof limit !== "number" || Number.isNaN(limit)) throw new Error(`the limit ${name} is not a number`);
  return limit;
}

/** Evaluates every rule, in order. A rule that cannot be evaluated refuses. */
export function judgeAll(rules: readonly Guardrail[], context: GuardrailContext): RuleResult[] {
  return rules.map(({ name, judge }) => {
    try {
      return { rule: name, ...judge(context) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { rule: name, ...refuse(`This rule could not be evaluated, so it refuses: ${why}`) };
    }
  });
}
