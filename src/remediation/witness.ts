/**
 * What a model may add to the decision of the rules: bounded weight, a doubt that makes a question, or, where the rules
 * see no cause, a proposal that is a question. It acts alone on nothing.
 */
import type { EarnedConfidence, Plan, RuleResult } from "../domain/decision.ts";
import type { Diagnosis, ModelFailure } from "../domain/diagnosis.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Policy } from "../domain/policy.ts";
import { judgeMatrix } from "./gates.ts";
import { ask, pass, refuse } from "./guardrail.ts";
import { type Planned, samePlan } from "./plan.ts";
import { supportsCause } from "./supporting-facts.ts";

/**
 * The most by which a model's agreement multiplies the odds of a cause. By it a cause that the rules hold for 0.60
 * likely or less never passes the default threshold of 0.75.
 */
const MOST_ODDS = 2;

/** A model doubts only where it holds its own view for likelier than not. */
const OWN_VIEW = 0.5;

/**
 * Raises the confidence where a model names the same cause and a trusted fact that it cites supports it. What facts,
 * gaps and past actions lowered it to stays: agreement is no fact.
 */
export function raiseByAgreement(
  confidence: EarnedConfidence,
  leading: Diagnosis,
  witness: Diagnosis | undefined,
  evidence: Evidence,
): EarnedConfidence {
  const { stated, earned, lowered } = confidence;
  if (witness === undefined || witness.cause !== leading.cause) return confidence;
  if (lowered.length > 0 || !isSupported(witness, evidence)) return confidence;
  const times = Math.min(MOST_ODDS, witness.confidence / (1 - witness.confidence));
  if (!(times > 1) || earned >= 1) return confidence;
  const odds = times * (earned / (1 - earned));
  const raised = odds / (1 + odds);
  const reason = `The model names ${leading.cause} as well.`;
  return { stated, earned: raised, lowered, raised: { rule: "model-agrees", alone: earned, reason } };
}

/** Returns true where a trusted fact that the diagnosis cites supports its cause. */
function isSupported({ cause, evidence: cited }: Diagnosis, { facts }: Evidence): boolean {
  return facts.some((fact) => cited.includes(fact.id) && supportsCause(cause, fact));
}

export interface Witnessed {
  readonly leading: Diagnosis;
  /** The model's opinion, where the rules lead and it has one. */
  readonly witness: Diagnosis | undefined;
  readonly policy: Policy;
  /** The evidence that the opinions cite. */
  readonly cited: Evidence;
  /** What the leading opinion comes to. */
  readonly plan: Plan;
  readonly planOf: (diagnosis: Diagnosis) => Planned;
}

/** Judges a change by who speaks for it. */
export function judgeWitness(given: Witnessed, { raised }: EarnedConfidence): RuleResult[] {
  const { leading, witness, policy } = given;
  const results: RuleResult[] = [];
  if (leading.by === "model") {
    const reason = `The rules see no cause in this evidence: that it is ${leading.cause} is the model's word alone.`;
    results.push({ rule: "model-alone", ...ask(reason) });
  }
  const threshold = policy.limits.confidenceThreshold;
  if (raised !== undefined && !(raised.alone > threshold)) {
    const reason = `${raised.reason} Without that the confidence would be ${raised.alone.toFixed(2)}, not above ${threshold}.`;
    results.push({ rule: raised.rule, ...ask(reason) });
  }
  const doubt = witness && doubtOf(witness, given);
  if (doubt !== undefined) {
    results.push({
      rule: "model-doubts",
      ...(policy.modelMayHold ? ask(`${doubt} A person decides.`) : pass(`${doubt} The rules decide.`)),
    });
  }
  return results;
}

/**
 * Returns what a model says against a change, or undefined. Agreement is on the change: another cause with the same
 * change that trusted facts support is agreement. A model that does not know, or whose other cause no trusted fact
 * supports, says nothing against it.
 */
function doubtOf(witness: Diagnosis, { leading, cited, plan, planOf }: Witnessed): string | undefined {
  const { cause, action, confidence } = witness;
  if (cause === "unknown" || !(confidence > OWN_VIEW)) return undefined;
  const other = cause !== leading.cause;
  if (other && cause !== "no-fault" && !isSupported(witness, cited)) return undefined;
  if (!other && action === leading.action) return undefined;
  if (action !== "none" && judgeMatrix(witness, cited).outcome !== "refuse") {
    const same = planOf(witness);
    if (same.ok && samePlan(same.plan, plan)) return undefined;
  }
  return `The model says ${cause} with action ${action}, not ${leading.cause} with ${leading.action}.`;
}

/** Says that a model gave no opinion, and what the policy makes of that; undefined where it gave one. */
export function judgeModelFailure(
  failure: Pick<ModelFailure, "code"> | undefined,
  policy: Policy,
): RuleResult | undefined {
  if (failure === undefined) return undefined;
  const rule = "model-failed";
  const why = `The model gave no opinion (${failure.code}).`;
  switch (policy.whenModelFails) {
    case "signs":
      return { rule, ...pass(`${why} The rules decide as if there were no model.`) };
    case "ask":
      return { rule, ...ask(`${why} The policy leaves what the rules would do to a person then.`) };
    case "nothing":
      return { rule, ...refuse(`${why} The policy lets nothing be done then.`) };
  }
}
