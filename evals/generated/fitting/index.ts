/** The families that the weights may be fitted to. */
import type { Family } from "../family.ts";
import { dependencyFamilies } from "./dependencies.ts";
import { loadFamilies } from "./load.ts";
import { memoryFamilies } from "./memory.ts";
import { startFamilies } from "./starts.ts";

export const fittingFamilies: readonly Family[] = [
  ...memoryFamilies,
  ...loadFamilies,
  ...dependencyFamilies,
  ...startFamilies,
];
