export { createLogDigest, type LogDigestOptions } from "./log-digest.ts";
export { createPatternTrace, type PatternTrace } from "./pattern-trace.ts";
export { templateOf } from "./template-of.ts";
export type { LogDigest, LogLevel, LogPattern, LogSignal, LogTotals } from "./types.ts";
