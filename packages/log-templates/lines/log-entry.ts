import type { LogLevel } from "../types.ts";

/** A log line without its envelope. */
export interface Entry {
  readonly level?: LogLevel;
  /** The program's message: one line, or several written at once. */
  readonly text: string;
  /** A stack trace from a field of its own. */
  readonly trace?: string;
  /** The line had its own envelope (time, level, JSON), so it does not continue another. */
  readonly structured: boolean;
  /** `text` is already a template: no part of it comes from outside. */
  readonly access?: boolean;
}
