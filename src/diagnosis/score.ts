/**
 * Weighs hypotheses on the same signs, in log-odds against *none of these*. Pure: it knows no sign and no cause, and
 * decides nothing that a sign could say.
 */
import type { Expectation } from "./hypotheses/hypothesis.ts";
import type { Reading } from "./signs/sign.ts";

/** What the scorer needs of a hypothesis. */
export interface Weighed {
  readonly prior: { readonly logOdds: number };
  readonly expects: Readonly<Partial<Record<string, Expectation>>>;
  readonly contradicts?: Readonly<Partial<Record<string, number>>>;
  readonly tolerates?: readonly string[];
}

/** A sign as it was read; not known where there is no reading. */
export interface ReadSign {
  readonly id: string;
  readonly family: string;
  readonly unexplained?: number | undefined;
  readonly reading: Reading | undefined;
}

/** What one sign adds to the log-odds of one hypothesis. */
export interface Contribution<S extends ReadSign = ReadSign> {
  readonly sign: S;
  readonly logOdds: number;
}

export interface Scored<H, S extends ReadSign = ReadSign> {
  readonly hypothesis: H;
  readonly logOdds: number;
  /** 0..1; with those of all others and of *none of these* they sum to 1. */
  readonly posterior: number;
  /** The signs that counted, strongest first. */
  readonly for: readonly Contribution<S>[];
  readonly against: readonly Contribution<S>[];
}

export interface Scores<H, S extends ReadSign = ReadSign> {
  /** Likeliest first. */
  readonly ranked: readonly Scored<H, S>[];
  /** The posterior of *none of these*. */
  readonly none: number;
}

/** Weighs all hypotheses. `temperature` divides the log-odds last: above 1 all posteriors are less certain. */
export function scoreHypotheses<H extends Weighed, S extends ReadSign>(
  hypotheses: readonly H[],
  signs: readonly S[],
  { temperature, noneLogOdds }: { readonly temperature: number; readonly noneLogOdds: number },
): Scores<H, S> {
  const scored = hypotheses.map((hypothesis) => ({ hypothesis, ...weigh(hypothesis, signs) }));
  const heat = (logOdds: number) => Math.exp(logOdds / temperature);
  const none = heat(noneLogOdds);
  const all = scored.reduce((sum, { logOdds }) => sum + heat(logOdds), none);
  const ranked = scored
    .map((one) => ({ ...one, posterior: heat(one.logOdds) / all }))
    .sort((a, b) => b.logOdds - a.logOdds);
  return { ranked, none: none / all };
}

/** Returns the log-odds of one hypothesis against *none of these*, before temperature. */
export function logOddsOf<S extends ReadSign>(hypothesis: Weighed, signs: readonly S[]): number {
  return weigh(hypothesis, signs).logOdds;
}

/** Sums prior and, of each family of signs, the strongest for and the strongest against. */
function weigh<S extends ReadSign>(
  hypothesis: Weighed,
  signs: readonly S[],
): Omit<Scored<unknown, S>, "hypothesis" | "posterior"> {
  const strongest = { for: new Map<string, Contribution<S>>(), against: new Map<string, Contribution<S>>() };
  for (const sign of signs) {
    const logOdds = contributionOf(hypothesis, sign);
    if (logOdds === 0) continue;
    const side = logOdds > 0 ? strongest.for : strongest.against;
    const known = side.get(sign.family);
    if (known === undefined || Math.abs(logOdds) > Math.abs(known.logOdds)) {
      side.set(sign.family, { sign, logOdds });
    }
  }
  const [supports, doubts] = [sorted(strongest.for), sorted(strongest.against)];
  const sum = [...supports, ...doubts].reduce((total, { logOdds }) => total + logOdds, 0);
  return { logOdds: hypothesis.prior.logOdds + sum, for: supports, against: doubts };
}

function sorted<S extends ReadSign>(contributions: ReadonlyMap<string, Contribution<S>>): Contribution<S>[] {
  return [...contributions.values()].sort((a, b) => Math.abs(b.logOdds) - Math.abs(a.logOdds));
}

/** The share of a plain no that an expected sign costs where it is not known: less evidence never makes bolder. */
const NOT_KNOWN_SHARE = 0.35;

function contributionOf(hypothesis: Weighed, { id, unexplained = 0, reading }: ReadSign): number {
  const expected = hypothesis.expects[id];
  if (reading === undefined) return -NOT_KNOWN_SHARE * (expected?.against ?? 0);
  const { degree } = reading;
  if (expected !== undefined) return (expected.for ?? 0) * degree - (expected.against ?? 0) * (1 - degree);
  const cost = hypothesis.contradicts?.[id];
  if (cost !== undefined) return -cost * degree;
  return hypothesis.tolerates?.includes(id) ? 0 : -unexplained * degree;
}
