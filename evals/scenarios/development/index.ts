/** The cases that the authors of the detectors may read. */
import { crashLoopCases } from "./crash-loop.ts";
import { dependencyCases, deployedDependencyCases } from "./dependencies.ts";
import { healthCases } from "./health.ts";
import { lessonCases } from "./lessons.ts";
import { loadCases } from "./load.ts";
import { lowSideCases } from "./low-side.ts";
import { memoryCases } from "./memory.ts";
import { platformCases } from "./platform.ts";
import { revisionCases } from "./revisions.ts";
import { secondLessonCases } from "./second-lessons.ts";
import { silenceCases } from "./silence.ts";

export const developmentCases = [
  ...memoryCases,
  ...loadCases,
  ...healthCases,
  ...revisionCases,
  ...dependencyCases,
  ...deployedDependencyCases,
  ...platformCases,
  ...lessonCases,
  ...secondLessonCases,
  ...lowSideCases,
  ...silenceCases,
  ...crashLoopCases,
];
