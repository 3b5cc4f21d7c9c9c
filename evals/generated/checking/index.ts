/** The families that check what was fitted to the others. Whoever writes signs, hypotheses or weights does not read them. */
import type { Family } from "../family.ts";
import { checkingLoadFamilies } from "./load.ts";
import { checkingMemoryFamilies } from "./memory.ts";
import { checkingOutageFamilies } from "./outages.ts";
import { checkingStartFamilies } from "./starts.ts";

export const checkingFamilies: readonly Family[] = [
  ...checkingMemoryFamilies,
  ...checkingLoadFamilies,
  ...checkingOutageFamilies,
  ...checkingStartFamilies,
];
