/** What is said of a cause, by the numbers of the evidence. */
import { CAUSES, type Cause } from "../domain/cause.ts";
import type { Finding } from "./rules/detector.ts";
import { DETECTORS } from "./rules/detectors.ts";
import type { EvidenceView } from "./rules/evidence-view.ts";

type Saying = Required<Pick<Finding, "rootCause" | "severity" | "missing" | "nextSteps">> & {
  readonly supports: readonly never[];
};

export function sayingOf(cause: Cause, view: EvidenceView): Saying {
  const [said] = DETECTORS.filter((detector) => detector.cause === cause)
    .map((detector) => detector.detect(view))
    .filter((found) => typeof found === "object")
    .sort((a, b) => b.confidence - a.confidence);
  return {
    rootCause: said?.rootCause ?? `Most likely ${CAUSES[cause]}.`,
    severity: said?.severity ?? "P2",
    missing: said?.missing ?? [],
    nextSteps: said?.nextSteps ?? [],
    supports: [],
  };
}
