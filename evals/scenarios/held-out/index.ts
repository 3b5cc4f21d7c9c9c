/** Written before the development half and without knowledge of any detector. Its details are never printed. */
import { crashLoopCases } from "./crash-loop.ts";
import { dependencyCases } from "./dependencies.ts";
import { healthCases } from "./health.ts";
import { loadCases } from "./load.ts";
import { lowSideCases } from "./low-side.ts";
import { memoryCases } from "./memory.ts";
import { platformCases } from "./platform.ts";
import { revisionCases } from "./revisions.ts";

export const heldOutCases = [
  ...memoryCases,
  ...loadCases,
  ...healthCases,
  ...revisionCases,
  ...dependencyCases,
  ...platformCases,
  ...lowSideCases,
  ...crashLoopCases,
];
