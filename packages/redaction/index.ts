export type { Audience } from "./audience.ts";
export { redact } from "./redact.ts";
export { redactDeep } from "./redact-deep.ts";
export { redactLines } from "./redact-lines.ts";
export { redactRecord } from "./redact-record.ts";
