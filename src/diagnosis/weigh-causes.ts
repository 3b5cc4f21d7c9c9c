/** Weighs all causes on one evidence, and finds what each would have done. */
import type { Cause } from "../domain/cause.ts";
import { type Evidence, type FactOf, factsOf } from "../domain/evidence.ts";
import type { Hypothesis } from "./hypotheses/hypothesis.ts";
import { HYPOTHESES } from "./hypotheses/index.ts";
import { type Scored, scoreHypotheses } from "./score.ts";
import { type NamedReading, readSigns, type SignId } from "./signs/index.ts";
import { type EvidenceView, viewOf } from "./view/evidence-view.ts";

/** Log-odds of *none of these*, the zero that all priors are against. */
export const NONE_LOG_ODDS = 0;

/**
 * Divides all log-odds. On families of incidents that nobody tuned on, 1 says 0.97 where 0.89 are right; more than this
 * loses right causes of the recorded cases.
 */
export const TEMPERATURE = 1.1;

/** What is left out, as if nobody knew it. */
export interface Ignorance {
  readonly without?: readonly Cause[];
  /** Signs that are not read: each is not known. */
  readonly unread?: readonly SignId[];
}

/** A cause with the posterior of all its hypotheses, and the one that weighs most. */
export interface CauseWeight {
  readonly cause: Cause;
  readonly posterior: number;
  readonly best: Scored<Hypothesis, NamedReading>;
}

export interface Weighing {
  readonly view: EvidenceView;
  readonly signs: readonly NamedReading[];
  /** Likeliest first. */
  readonly causes: readonly CauseWeight[];
  /** The posterior of *none of these*. */
  readonly none: number;
}

/** Weighs all causes but those that nobody knows. */
export function weighCauses(evidence: Evidence, { without = [], unread = [] }: Ignorance = {}): Weighing {
  const view = viewOf(evidence);
  const signs = readSigns(view).map((one) =>
    unread.includes(one.id) ? { ...one, reading: undefined } : one,
  );
  const hypotheses = HYPOTHESES.filter(({ cause }) => !without.includes(cause)).map((one) =>
    triedInVain(one, evidence).length > 0 ? lessLikely(one) : one,
  );
  const { ranked, none } = scoreHypotheses(hypotheses, signs, {
    temperature: TEMPERATURE,
    noneLogOdds: NONE_LOG_ODDS,
  });
  const causes = new Map<Cause, CauseWeight>();
  for (const one of ranked) {
    const { cause } = one.hypothesis;
    const known = causes.get(cause);
    causes.set(cause, {
      cause,
      best: known?.best ?? one,
      posterior: (known?.posterior ?? 0) + one.posterior,
    });
  }
  return { view, signs, none, causes: [...causes.values()].sort((a, b) => b.posterior - a.posterior) };
}

/** Log-odds that an action of this incident costs the cause it was made for, where it did not help. */
const TRIED_LOG_ODDS = 2;

/** Returns what was done in this incident for this cause and did not help. */
export function triedInVain({ cause }: Hypothesis, evidence: Evidence): FactOf<"past-incident">[] {
  return factsOf(evidence, "past-incident").filter(
    ({ data }) =>
      data.own === true && data.cause === cause && (data.outcome === "unchanged" || data.outcome === "worse"),
  );
}

function lessLikely(one: Hypothesis): Hypothesis {
  return { ...one, prior: { ...one.prior, logOdds: one.prior.logOdds - TRIED_LOG_ODDS } };
}
