/**
 * Says what each remedy would come to on a service as it is now. Asks the same `decide` as an incident does, on the
 * service's own evidence with one supposed fault, so that it cannot promise what a guardrail would refuse. Pure.
 */
import type { Cause } from "../../domain/cause.ts";
import type { Decision, Plan, RuleResult } from "../../domain/decision.ts";
import { decide } from "../decide.ts";
import { whatToChange } from "./advice.ts";
import type { PreflightInput } from "./preflight-input.ts";
import { SUPPOSITIONS, type Supposition } from "./suppositions.ts";

export interface RemedyOutlook {
  /** The fault that is supposed. */
  readonly supposed: string;
  readonly cause: Cause;
  readonly action: Supposition["action"];
  /** `impossible`: the service cannot have this fault now, such as a sick task where none runs. */
  readonly verdict: "acts" | "asks" | "refuses" | "impossible";
  /** What would be done, or asked for. */
  readonly plan?: Plan;
  /** The rules that ask or refuse. */
  readonly rules: readonly RuleResult[];
  /** What a person can change so that it would act. */
  readonly change: readonly string[];
}

/** Judges every supposed fault. Never throws. */
export function preflight(input: PreflightInput): RemedyOutlook[] {
  return SUPPOSITIONS.map((supposition) => outlookOf(supposition, input));
}

function outlookOf(supposition: Supposition, input: PreflightInput): RemedyOutlook {
  const { says: supposed, cause, action } = supposition;
  const found = supposition.suppose(input.evidence);
  if (found === undefined) {
    const rules = [
      { rule: "preflight", outcome: "refuse", reason: "No task runs that could be sick." } as const,
    ];
    return { supposed, cause, action, verdict: "impossible", rules, change: [] };
  }
  const decision = decide({
    diagnosis: {
      cause,
      action,
      rootCause: supposed,
      confidence: 1,
      severity: "P2",
      rca: supposed,
      evidence: [...found.rests],
      against: [],
      ruledOut: [],
      missing: [],
      nextSteps: [],
      by: "rules",
    },
    evidence: found.evidence,
    target: input.target,
    policy: input.policy,
    policyProblem: input.policyProblem,
    pauses: input.pauses,
    ceiling: input.ceiling,
    history: input.history,
    now: input.evidence.observedAt,
  });
  const rules = decisiveRules(decision);
  const plan = planOf(decision);
  return {
    supposed,
    cause,
    action,
    verdict: { act: "acts", ask: "asks", decline: "refuses" }[decision.kind] as RemedyOutlook["verdict"],
    ...(plan === undefined ? {} : { plan }),
    rules,
    change: [...new Set(rules.flatMap((rule) => whatToChange(rule, action, input) ?? []))],
  };
}

function planOf(decision: Decision): Plan | undefined {
  return decision.kind === "decline" ? decision.wouldHave?.plan : decision.plan;
}

/** The refusals where it refuses; else the rules that ask. */
function decisiveRules({ kind, trail }: Decision): RuleResult[] {
  const outcome = kind === "decline" ? "refuse" : "ask";
  return trail.filter((result) => result.outcome === outcome);
}
