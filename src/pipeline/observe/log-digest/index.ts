export { createLogDigest, type LogDigestOptions } from "./log-digest.ts";
export type { LogDigest, LogLevel, LogPattern, LogSignal, LogTotals } from "./types.ts";
