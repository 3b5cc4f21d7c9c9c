import type { Diagnosis } from "../../domain/diagnosis.ts";

/** Returns the diagnosis that leads to no action, with the reason. Nothing that the model claimed is kept. */
export function inconclusive(reason: string): Diagnosis {
  return {
    cause: "unknown",
    rootCause: `Inconclusive: ${reason}.`,
    action: "none",
    confidence: 0,
    severity: "P2",
    rca: `The model's answer was not used: ${reason}.`,
    evidence: [],
    against: [],
    ruledOut: [],
    missing: [reason],
    nextSteps: ["Look at the evidence by hand: the model gave no diagnosis that can be used."],
    by: "model",
  };
}
