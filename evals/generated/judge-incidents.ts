/** Draws incidents and judges each with the product. */
import { inParallel, judge } from "../recorded/judge.ts";
import { checkingFamilies } from "./checking/index.ts";
import { type Family, incidentsOf } from "./family.ts";
import { fittingFamilies } from "./fitting/index.ts";
import type { IncidentVerdict } from "./summary.ts";

export type SetName = "fitting" | "checking";

const WIDTH = 6;

export const FAMILIES: Readonly<Record<SetName, readonly Family[]>> = {
  fitting: fittingFamilies,
  checking: checkingFamilies,
};

/** `count` incidents of the set, the families in turn, through event, AWS clients, rules and decision. */
export async function judgeIncidents({
  set,
  count,
  seed,
  family,
  jobs = WIDTH,
  signal,
}: {
  readonly set: SetName;
  readonly count: number;
  readonly seed: string;
  /** Only this one. */
  readonly family?: string | undefined;
  readonly jobs?: number;
  /** When it is aborted, the rest is left out. */
  readonly signal?: AbortSignal;
}): Promise<(IncidentVerdict & { readonly seconds: number })[]> {
  const families = FAMILIES[set].filter(({ name }) => family === undefined || name === family);
  const judged = await inParallel(incidentsOf(families, count, seed), jobs, async (one) => {
    if (signal?.aborted) return [];
    const started = performance.now();
    const verdict = await judge(one);
    return [{ ...verdict, seconds: (performance.now() - started) / 1000 }];
  });
  return judged.flat();
}
