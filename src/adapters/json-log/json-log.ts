/** Structured logs: one JSON object a line, redacted. */
import { redactDeep } from "../../../packages/redaction/index.ts";
import type { Logger } from "../../domain/ports.ts";

/** Creates a logger that passes each finished line to `write`. */
export function createJsonLog(write: (line: string) => void, now: () => Date = () => new Date()): Logger {
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      write(JSON.stringify({ at: now().toISOString(), level, event, ...(redactDeep(fields) as object) }));
  return { info: log("info"), warn: log("warn"), error: log("error") };
}
