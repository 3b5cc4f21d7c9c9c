/** All cases, each in the half that was chosen before it was written. */
import { developmentCases } from "./development/index.ts";
import { heldOutCases } from "./held-out/index.ts";
import type { Case, Half } from "./types.ts";

export interface HalfCase extends Case {
  readonly half: Half;
}

export const allCases: readonly HalfCase[] = [
  ...heldOutCases.map((one) => ({ ...one, half: "held-out" as const })),
  ...developmentCases.map((one) => ({ ...one, half: "development" as const })),
];
