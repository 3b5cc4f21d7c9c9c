/**
 * Which weights earn their place: each is taken away, halved and doubled, alone, and turns a case where some verdict
 * becomes another one. Pure: the signs of each case are read once, and only what changes is weighed again.
 */
import { type Hypothesis, ONE_OF_MANY } from "../../src/diagnosis/hypotheses/hypothesis.ts";
import { logOddsOf } from "../../src/diagnosis/score.ts";
import type { NamedReading } from "../../src/diagnosis/signs/index.ts";
import { NONE_LOG_ODDS, TEMPERATURE } from "../../src/diagnosis/weigh-causes.ts";

/** Posterior from which on a cause is named, and above which it may be acted on. */
const NAMED = 0.5;
const ACTED_ON = 0.75;

/** What a weight is multiplied by. */
const FACTORS = [0, 0.5, 2];

/** The signs of one case as they were read. */
export type ReadCase = readonly NamedReading[];

/** One weight: its name for people, the sign that it is about, and the hypotheses with it multiplied. */
interface Weight {
  readonly name: string;
  readonly sign?: string;
  readonly times: (factor: number) => readonly (readonly [index: number, changed: Hypothesis])[];
}

/** Returns every weight: what each sign counts for and against each hypothesis, and the priors, the shared one once. */
export function weightsOf(hypotheses: readonly Hypothesis[]): Weight[] {
  const shared = [...hypotheses.entries()].filter(([, { prior }]) => prior === ONE_OF_MANY);
  const priorTimes = (of: readonly (readonly [number, Hypothesis])[]) => (factor: number) =>
    of.map(
      ([index, one]) =>
        [index, { ...one, prior: { ...one.prior, logOdds: one.prior.logOdds * factor } }] as const,
    );
  return [
    ...(shared.length > 0 ? [{ name: "the prior that most share", times: priorTimes(shared) }] : []),
    ...hypotheses.flatMap((one, index): Weight[] => {
      const name = one.variant === undefined ? one.cause : `${one.cause} (${one.variant})`;
      const own =
        one.prior === ONE_OF_MANY ? [] : [{ name: `${name}: prior`, times: priorTimes([[index, one]]) }];
      return [...own, ...signWeights(one, index, name)];
    }),
  ];
}

/**
 * What the strongest sign counts against its hypothesis is left out: it keeps one that nothing speaks for from standing
 * in the ranking by its prior, which no verdict shows.
 */
function signWeights(one: Hypothesis, index: number, name: string): Weight[] {
  const strongest = Math.max(...Object.values(one.expects).map((expectation) => expectation.for ?? 0));
  const expected = Object.entries(one.expects).flatMap(([sign, expectation]) =>
    (["for", "against"] as const).flatMap((side): Weight[] => {
      const weight = expectation[side];
      if (weight === undefined || (side === "against" && expectation.for === strongest)) return [];
      const times = (factor: number) => {
        const expects = { ...one.expects, [sign]: { ...expectation, [side]: weight * factor } };
        return [[index, { ...one, expects }]] as const;
      };
      return [{ name: `${name}: ${sign} ${side}`, sign, times }];
    }),
  );
  const contradicting = Object.entries(one.contradicts ?? {}).map(([sign, weight]): Weight => {
    const times = (factor: number) =>
      [[index, { ...one, contradicts: { ...one.contradicts, [sign]: weight * factor } }]] as const;
    return { name: `${name}: ${sign} contradicts`, sign, times };
  });
  return [...expected, ...contradicting];
}

/**
 * Returns the names of the weights that turn none of the cases, nor one of them with a family of signs left unread, nor
 * one with the weight's own sign put in or taken out.
 */
export function idleWeights(hypotheses: readonly Hypothesis[], cases: readonly ReadCase[]): string[] {
  const whole = cases.map((signs) => weighedBy(hypotheses, signs));
  const partial = cases.flatMap(withOneFamilyUnread).map((signs) => weighedBy(hypotheses, signs));
  return weightsOf(hypotheses)
    .filter((weight) => {
      const changed = FACTORS.map(weight.times);
      const turns = (one: WeighedCase) =>
        changed.some((change) => {
          const logOdds = [...one.logOdds];
          for (const [index, hypothesis] of change) logOdds[index] = logOddsOf(hypothesis, one.signs);
          return verdictOf(hypotheses, logOdds) !== one.verdict;
        });
      if (whole.some(turns) || partial.some(turns)) return false;
      const { sign } = weight;
      if (sign === undefined) return true;
      return ![1, 0].some((degree) =>
        cases.some((signs) => turns(weighedBy(hypotheses, withSign(signs, sign, degree)))),
      );
    })
    .map(({ name }) => name);
}

interface WeighedCase {
  readonly signs: ReadCase;
  readonly logOdds: readonly number[];
  readonly verdict: string;
}

function weighedBy(hypotheses: readonly Hypothesis[], signs: ReadCase): WeighedCase {
  const logOdds = hypotheses.map((one) => logOddsOf(one, signs));
  return { signs, logOdds, verdict: verdictOf(hypotheses, logOdds) };
}

function withOneFamilyUnread(signs: ReadCase): ReadCase[] {
  const seen = signs.filter(({ reading }) => reading !== undefined && reading.degree > 0);
  return [...new Set(seen.map(({ family }) => family))].map((family) =>
    signs.map((one) => (one.family === family ? { ...one, reading: undefined } : one)),
  );
}

function withSign(signs: ReadCase, sign: string, degree: number): ReadCase {
  return signs.map((one) => (one.id === sign ? { ...one, reading: { degree, facts: [] } } : one));
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
