/** What else may be the cause, in a line: a verdict that is not sure shows its rivals and what would tell them apart. */
import type { Diagnosis, RankedCause } from "../../domain/diagnosis.ts";
import { confidenceWord, formatConfidence } from "./format.ts";

/** More would not be read on a phone. */
const MOST_NAMED = 3;

/** A cause that is less likely is not worth a word. */
const LEAST_NAMED = 0.05;

/** Returns the likeliest causes with their posteriors; undefined where the verdict is sure, or nothing was weighed. */
export function rankedText(diagnosis: Diagnosis): { label: string; value: string } | undefined {
  const { cause, confidence, ranked = [] } = diagnosis;
  const unknown = cause === "unknown";
  if (!unknown && confidenceWord(confidence) === "high") return undefined;
  const named = ranked
    .filter((one) => one.cause !== cause && one.posterior >= LEAST_NAMED)
    .slice(0, MOST_NAMED);
  if (named.length === 0) return undefined;
  const tells = ranked.find((one) => one.wouldTell !== undefined)?.wouldTell;
  return {
    label: unknown ? "Most likely" : "Also possible",
    value: `${named.map(withPosterior).join(", ")}${tells === undefined ? "" : `; what would tell: ${tells}`}`,
  };
}

function withPosterior({ cause, posterior }: RankedCause): string {
  return `${cause} ${formatConfidence(posterior)}`;
}
