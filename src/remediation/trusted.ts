/** Which facts may justify an action: those that AWS vouches for and that are about this service. */
import type { Evidence, Fact } from "../domain/evidence.ts";

/** Returns true when the fact may justify an action, whatever it says. */
export function mayJustify(fact: Fact): boolean {
  const trusted = fact.provenance === "control-plane" || fact.provenance === "metric";
  return trusted && !(fact.kind === "metric" && fact.data.explainsOnly !== undefined);
}

/** Returns the evidence with those facts only, so that nothing else can be read from it. */
export function trustedOnly(evidence: Evidence): Evidence {
  return { ...evidence, facts: evidence.facts.filter(mayJustify), lastLines: [] };
}

/** Returns why a fact may only explain, as the end of a sentence; undefined where it may justify. */
export function whyOnlyExplains(fact: Fact): string | undefined {
  if (mayJustify(fact)) return undefined;
  if (fact.kind === "metric" && fact.data.explainsOnly !== undefined) return fact.data.explainsOnly;
  switch (fact.provenance) {
    case "log":
      return "log text alone never acts";
    case "trigger":
      return "it is what the message says";
    case "memory":
      return "it is about an earlier time";
    default:
      return "any application can write it";
  }
}
