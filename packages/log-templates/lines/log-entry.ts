import type { LogLevel } from "../types.ts";

/** A log line without its envelope. */
export interface Entry {
  readonly level?: LogLevel;
  /** What the program said: one line, or several when it wrote them at once. */
  readonly text: string;
  /** A stack trace that came in a field of its own. */
  readonly trace?: string;
  /** The line had an envelope of its own (time, level, JSON): it is not the continuation of another. */
  readonly structured: boolean;
  /** What `text` says is already a template: nobody outside wrote any of it. */
  readonly access?: boolean;
}
