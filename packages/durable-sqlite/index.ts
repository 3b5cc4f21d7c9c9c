export { createEngineClock } from "./clock.ts";
export { createDurableEngine } from "./engine.ts";
export { DurableEngineError, type DurableEngineErrorCode } from "./errors.ts";
export type * from "./types.ts";
