export { createLastLines } from "./last-lines.ts";
export { createLogDigest } from "./log-digest.ts";
export { createPatternTrace } from "./pattern-trace.ts";
export { templateOf } from "./template-of.ts";
export type { LogDigest, LogPattern } from "./types.ts";
