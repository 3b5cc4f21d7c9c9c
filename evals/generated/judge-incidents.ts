/** Draws incidents and judges each with the product. */
import { gather } from "../recorded/gather.ts";
import { inParallel, judgeGathered } from "../recorded/judge.ts";
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
}: {
  readonly set: SetName;
  readonly count: number;
  readonly seed: string;
  /** Only this one. */
  readonly family?: string | undefined;
}): Promise<IncidentVerdict[]> {
  const families = FAMILIES[set].filter(({ name }) => family === undefined || name === family);
  return inParallel(incidentsOf(families, count, seed), WIDTH, async (one) =>
    judgeGathered(one, await gather(one)),
  );
}
