import { createIntake } from "./intake.ts";
import { createLastLines } from "./last-lines.ts";
import type { LogLine } from "./log-line.ts";
import { summarise } from "./summary.ts";
import type { LogDigest } from "./types.ts";

export interface LogDigestOptions {
  /** When the symptom began, epoch milliseconds. */
  readonly onset: number;
  /** The most tokens of the patterns. */
  readonly maxTokens?: number;
  readonly lastLines?: number;
}

/** The end of the year 9999: later years have more than four digits, which most readers of ISO 8601 reject. */
const FARTHEST_TIME = 253_402_300_799_999;

/**
 * Mines templates from log lines in one pass and in bounded memory. Lines may come in any order of time, but lines of
 * one stream in the order in which they were written. An invalid time counts as the onset.
 */
export function createLogDigest(options: LogDigestOptions): {
  add(lines: readonly LogLine[]): void;
  finish(): LogDigest;
} {
  const intake = createIntake(options.onset);
  const lastLines = createLastLines(options.lastLines ?? 50);

  function addLine(line: LogLine): void {
    const t = line.t >= 0 && line.t <= FARTHEST_TIME ? line.t : options.onset;
    lastLines.add(line, t);
    intake.add(line, t);
  }

  return {
    add: (lines) => lines.forEach(addLine),
    finish: () => {
      intake.finish();
      return summarise(intake.store, {
        onset: options.onset,
        maxTokens: options.maxTokens ?? 2_000,
        lastLines: lastLines.finish(),
        streams: intake.streams(),
        totals: intake.totals(),
      });
    },
  };
}
