/** Judges a case and its variations, and names where a variation changed what would be done. */

import type { SetName } from "../generated/judge-incidents.ts";
import { gather } from "../recorded/gather.ts";
import { judgeGathered, type Verdict } from "../recorded/judge.ts";
import type { Case, Half } from "../scenarios/types.ts";
import type { Variation } from "./variations.ts";

/** `opposite`: another action; `bolder`: more was done with less evidence; `harm`: a harmful action came up. */
export type FlipKind = "opposite" | "bolder" | "harm";

/** Where a case comes from. */
export type FlipSet = Half | SetName;

export interface Flip {
  readonly case: string;
  readonly variation: string;
  readonly kind: FlipKind;
  /** What is done without and with the variation. */
  readonly was: string;
  readonly now: string;
}

export interface Flips {
  readonly flips: readonly Flip[];
  /** The names of the variations that were judged. */
  readonly judged: readonly string[];
}

const BOLDNESS = { decline: 0, ask: 1, act: 2 } as const;

/** Judges those variations of the case that apply, and the case itself where its verdict is not known. */
export async function flipsOf(
  one: Case,
  variations: readonly Variation[],
  known?: Verdict<Case>,
): Promise<Flips> {
  const applied = variations.flatMap((variation) => {
    const made = variation.apply(one);
    return made === undefined ? [] : [{ variation, made }];
  });
  if (applied.length === 0) return { flips: [], judged: [] };
  const base = known ?? (await judgeGathered(one, await gather(one)));
  const flips: Flip[] = [];
  for (const { variation, made } of applied) {
    const varied = await judgeGathered(made.one, await gather(made.one, made.twist));
    const kind = flipOf(base, varied, variation.less);
    if (kind !== undefined)
      flips.push({ case: one.name, variation: variation.name, kind, was: doneBy(base), now: doneBy(varied) });
  }
  return { flips, judged: applied.map(({ variation }) => variation.name) };
}

function flipOf(base: Verdict<Case>, varied: Verdict<Case>, less: boolean): FlipKind | undefined {
  const [was, now] = [actionOf(base), actionOf(varied)];
  if (was !== "none" && now !== "none" && was !== now) return "opposite";
  if (less && BOLDNESS[varied.decision.kind] > BOLDNESS[base.decision.kind]) return "bolder";
  return base.harm === "none" && varied.harm !== "none" ? "harm" : undefined;
}

const actionOf = ({ decision }: Verdict<Case>) => (decision.kind === "decline" ? "none" : decision.action);
const doneBy = (verdict: Verdict<Case>) =>
  verdict.decision.kind === "decline" ? "decline" : `${verdict.decision.kind} ${actionOf(verdict)}`;
