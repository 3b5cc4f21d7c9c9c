export { LocalisationInput, readInput } from "./input.ts";
export { localise } from "./localise.ts";
export type { Localisation } from "./result.ts";
