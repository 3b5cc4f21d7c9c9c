import type { Diagnosis } from "../../domain/diagnosis.ts";
import { inconclusive } from "./inconclusive.ts";
import { cap, oneLine } from "./text.ts";

const INVENTED_TOLD = 5;
const ID_LENGTH = 20;

/**
 * Removes ids that do not exist and records them in `missing`. Without a valid citation in `evidence` the diagnosis
 * is inconclusive.
 */
export function checkCitations(diagnosis: Diagnosis, ids: ReadonlySet<string>): Diagnosis {
  const evidence = split(diagnosis.evidence, ids);
  const against = split(diagnosis.against, ids);
  const invented = [...new Set([...evidence.invented, ...against.invented])];
  if (evidence.valid.length === 0) {
    const cited = invented.length === 0 ? "cited no evidence" : `cited only ${listed(invented)}`;
    return { ...inconclusive(`the model ${cited} for ${diagnosis.cause}`), severity: diagnosis.severity };
  }
  const missing =
    invented.length === 0
      ? diagnosis.missing
      : [`the model cited ${listed(invented)}; this was not counted`, ...diagnosis.missing];
  return { ...diagnosis, evidence: evidence.valid, against: against.valid, missing };
}

function split(cited: readonly string[], ids: ReadonlySet<string>): { valid: string[]; invented: string[] } {
  const unique = [...new Set(cited.map((id) => id.trim()))];
  return { valid: unique.filter((id) => ids.has(id)), invented: unique.filter((id) => !ids.has(id)) };
}

function listed(invented: readonly string[]): string {
  const names = invented.slice(0, INVENTED_TOLD).map((id) => JSON.stringify(cap(oneLine(id), ID_LENGTH)));
  const more = invented.length > names.length ? ` and ${invented.length - names.length} more` : "";
  return `evidence that does not exist (${names.join(", ")}${more})`;
}
