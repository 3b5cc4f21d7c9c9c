export { createEngineClock } from "./clock.ts";
export { createDurableEngine } from "./engine.ts";
export { DurableEngineError } from "./errors.ts";
export type * from "./types.ts";
