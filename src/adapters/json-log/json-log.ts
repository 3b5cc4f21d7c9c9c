/** Structured logs: one JSON object a line, redacted as for an export: a log goes to places with other readers. */
import { jsonFor, type TextFor } from "../../domain/exit.ts";
import type { Logger } from "../../domain/ports.ts";

/** Creates a logger that passes each finished line to `write`. */
export function createJsonLog(
  write: (line: TextFor<"export">) => void,
  now: () => Date = () => new Date(),
): Logger {
  const log =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}) =>
      write(jsonFor("export", { at: now().toISOString(), level, event, ...fields }, { free: true }));
  return { info: log("info"), warn: log("warn"), error: log("error") };
}
