/** The cases whose variations are judged: every recorded one, and a sample of generated ones. */
import { incidentsOf } from "../generated/family.ts";
import { FAMILIES } from "../generated/judge-incidents.ts";
import { inParallel, type Verdict } from "../recorded/judge.ts";
import { allCases } from "../scenarios/index.ts";
import { hash } from "../scenarios/random.ts";
import type { Case } from "../scenarios/types.ts";
import { type FlipSet, flipsOf } from "./flips.ts";
import type { SetFlip } from "./kept-flips.ts";
import { VARIATIONS, type Variation } from "./variations.ts";

export interface Subject {
  readonly set: FlipSet;
  readonly one: Case;
}

const WIDTH = 6;

/** Every recorded case, and one incident of each family, or of as many of each set. */
export function subjects(families = Number.POSITIVE_INFINITY): Subject[] {
  const generated = (["fitting", "checking"] as const).flatMap((set) => {
    const count = Math.min(families, FAMILIES[set].length);
    return incidentsOf(spread(FAMILIES[set], count), count, "m").map((one) => ({ set, one }));
  });
  return [...allCases.map((one) => ({ set: one.half, one })), ...generated];
}

/** `count` of a list, evenly spread over it. */
function spread<T>(list: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, index) => list[Math.floor((index * list.length) / count)] as T);
}

/** All variations of a recorded case, and as many of a generated one. */
const OF_GENERATED = 6;

/** `count` of the variations for a case: other ones for another case, the same ones on every run. */
function someVariations({ one, set }: Subject, count: number): Variation[] {
  const most = set === "fitting" || set === "checking" ? OF_GENERATED : VARIATIONS.length;
  const order = VARIATIONS.map((variation) => ({ variation, at: hash(`${one.name} ${variation.name}`) }));
  return order
    .toSorted((a, b) => a.at - b.at)
    .slice(0, Math.min(count, most))
    .map(({ variation }) => variation);
}

/** Judges variations of the subjects; without `count` all of them. `known` has verdicts by the case's name. */
export async function judgeVariations(
  of: readonly Subject[],
  count = VARIATIONS.length,
  known: ReadonlyMap<string, Verdict<Case>> = new Map(),
): Promise<{ readonly flips: readonly SetFlip[]; readonly judged: readonly string[] }> {
  const results = await inParallel(of, WIDTH, async (subject) => {
    const { flips, judged } = await flipsOf(
      subject.one,
      someVariations(subject, count),
      known.get(subject.one.name),
    );
    return { flips: flips.map((flip) => ({ ...flip, set: subject.set })), judged };
  });
  return {
    flips: results.flatMap(({ flips }) => flips),
    judged: results.flatMap(({ judged }) => judged),
  };
}
