/** What is said of a cause, by the facts alone. */
import type { Severity } from "../../domain/cause.ts";
import type { EvidenceView } from "../view/evidence-view.ts";

export interface Said {
  /** One sentence with the numbers in it, that names what is broken. */
  readonly rootCause: string;
  readonly severity: Severity;
  readonly nextSteps: readonly string[];
  /** What could not be known. */
  readonly missing?: readonly string[];
}

/** Words one cause; undefined where the facts hold nothing to say it by. */
export type Say = (view: EvidenceView) => Said | undefined;

/** Returns names for a sentence, the first ones and how many more there are. */
export function named(names: readonly string[], most = 3): string {
  const rest = names.length - most;
  return rest > 0 ? `${names.slice(0, most).join(", ")} and ${rest} more` : names.join(", ");
}
