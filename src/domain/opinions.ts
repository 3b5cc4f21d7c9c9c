/** Which of two opinions on one incident is decided on: that of the rules, or a model's. Pure. */
import type { Diagnosis } from "./diagnosis.ts";

export interface Opinions {
  /** The one that is decided on and told. */
  readonly leading: Diagnosis;
  /** The other one, whoever's it is. */
  readonly other?: Diagnosis | undefined;
}

/**
 * Orders two opinions. The rules lead as if no model were there. A model leads only where the rules see no cause and it
 * names one; it then explains, and what it proposes is a question. `no-fault` is never a model's word alone: measured
 * noise is suppressed.
 */
export function orderOpinions(one: Diagnosis, another?: Diagnosis | undefined): Opinions {
  const [rules, model] = one.by === "rules" ? [one, another] : [another, one];
  if (rules === undefined || model === undefined) return { leading: one };
  const leads = rules.cause === "unknown" && model.cause !== "unknown" && model.cause !== "no-fault";
  return leads ? { leading: model, other: rules } : { leading: rules, other: model };
}
