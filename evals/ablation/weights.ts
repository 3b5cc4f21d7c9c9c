/**
 * Which weights earn their place: each is halved, doubled and taken away, alone, and turns a case where some verdict
 * becomes another one. Pure: the signs of each case are read once, and only the changed hypothesis is weighed again.
 */
import type { Hypothesis } from "../../src/diagnosis/hypotheses/hypothesis.ts";
import { logOddsOf } from "../../src/diagnosis/score.ts";
import type { NamedReading } from "../../src/diagnosis/signs/index.ts";
import { NONE_LOG_ODDS, TEMPERATURE } from "../../src/diagnosis/weigh-causes.ts";

/** Posterior from which on a cause is named, and above which it may be acted on. */
const NAMED = 0.5;
const ACTED_ON = 0.75;

/** One weight of a hypothesis, with its name for people and the same hypothesis with the weight multiplied. */
export interface Weight {
  readonly name: string;
  /** The place of its hypothesis among all. */
  readonly index: number;
  readonly times: (factor: number) => Hypothesis;
}

/** Returns every weight of the hypotheses: their priors, and what each sign counts for and against them. */
export function weightsOf(hypotheses: readonly Hypothesis[]): Weight[] {
  return hypotheses.flatMap((one, index) => {
    const name = one.variant === undefined ? one.cause : `${one.cause} (${one.variant})`;
    const prior: Weight = {
      name: `${name}: prior`,
      index,
      times: (factor) => ({ ...one, prior: { ...one.prior, logOdds: one.prior.logOdds * factor } }),
    };
    const expected = Object.entries(one.expects).flatMap(([id, expectation]) =>
      (["for", "against"] as const).flatMap((side): Weight[] => {
        const weight = expectation[side];
        if (weight === undefined) return [];
        const times = (factor: number): Hypothesis => ({
          ...one,
          expects: { ...one.expects, [id]: { ...expectation, [side]: weight * factor } },
        });
        return [{ name: `${name}: ${id} ${side}`, index, times }];
      }),
    );
    const contradicting = Object.entries(one.contradicts ?? {}).map(
      ([id, weight]): Weight => ({
        name: `${name}: ${id} contradicts`,
        index,
        times: (factor) => ({ ...one, contradicts: { ...one.contradicts, [id]: weight * factor } }),
      }),
    );
    return [prior, ...expected, ...contradicting];
  });
}

/** The signs of one case as they were read. */
export type ReadCase = readonly NamedReading[];

const FACTORS = [0, 0.5, 2];

/** Returns the weights that turn none of the cases. */
export function idleWeights(hypotheses: readonly Hypothesis[], cases: readonly ReadCase[]): string[] {
  const weighed = cases.map((signs) => {
    const logOdds = hypotheses.map((one) => logOddsOf(one, signs));
    return { signs, logOdds, verdict: verdictOf(hypotheses, logOdds) };
  });
  return weightsOf(hypotheses)
    .filter(({ index, times }) => {
      const changed = FACTORS.map(times);
      return !weighed.some(({ signs, logOdds, verdict }) =>
        changed.some((one) => verdictOf(hypotheses, logOdds.with(index, logOddsOf(one, signs))) !== verdict),
      );
    })
    .map(({ name }) => name);
}

/** What would be said and dared: the cause, whether it is named and whether it may be acted on. */
function verdictOf(hypotheses: readonly Hypothesis[], logOdds: readonly number[]): string {
  const heats = logOdds.map((one) => Math.exp(one / TEMPERATURE));
  const all = heats.reduce((sum, one) => sum + one, Math.exp(NONE_LOG_ODDS / TEMPERATURE));
  const posteriors = new Map<string, number>();
  for (const [index, { cause }] of hypotheses.entries())
    posteriors.set(cause, (posteriors.get(cause) ?? 0) + (heats[index] ?? 0) / all);
  const [cause, posterior] = [...posteriors].reduce((best, one) => (one[1] > best[1] ? one : best));
  if (posterior < NAMED) return "unknown";
  return posterior > ACTED_ON ? `${cause}, sure` : cause;
}
