export type LogLevel = "error" | "warn" | "info";

/** The class of problem in a template's fixed words: the enum of the `log-pattern` fact. */
export type LogSignal =
  | "connection-refused"
  | "timeout"
  | "dns"
  | "throttled"
  | "permission"
  | "certificate"
  | "out-of-memory"
  | "disk-full"
  | "too-many-connections"
  | "missing-configuration"
  | "wrong-architecture"
  | "exception";

/** Lines of the same statement. Times are epoch milliseconds. */
export interface LogPattern {
  readonly level: LogLevel;
  /** Typed tokens and words of a closed vocabulary: safe to show to a model. */
  readonly template: string;
  /** Occurrences; the lines of a folded stack trace count once. */
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Not seen before the onset, in the lines that were given. */
  readonly newSinceOnset: boolean;
  readonly signal?: LogSignal;
  /** Of `count`, the lines before the onset. */
  readonly countBefore: number;
  /** Log streams with a line of it, at most 200, in order of appearance. */
  readonly streams: readonly string[];
  /** What the template's placeholders stood for, in their order; of lines that are warnings or errors. */
  readonly values: readonly PlaceholderValues[];
  /** The innermost cause of each distinct trace, the most frequent first. */
  readonly rootCauses: readonly LogRootCause[];
  /** The top frame of the program's own code. Raw text, as `lines`. */
  readonly frame?: string;
  /** The newest line and up to two that differ most from it, redacted. Raw text: for people, never for a deciding model. */
  readonly lines: readonly string[];
}

export interface PlaceholderValues {
  /** The typed token, such as `<ip>`. */
  readonly placeholder: string;
  /** Distinct values, counted up to 100. */
  readonly distinct: number;
  /** Of numbers, durations, sizes and percentages: the value in the oldest and in the newest line. */
  readonly first?: string;
  readonly last?: string;
}

export interface LogRootCause {
  /** As the trace words it, redacted. Raw text, as `lines`. */
  readonly text: string;
  readonly template: string;
  readonly signal?: LogSignal;
  /** Traces with it. */
  readonly count: number;
}

export interface LogTotals {
  readonly lines: number;
  readonly bytes: number;
  /** Lines longer than the cap, of which only the beginning was read. */
  readonly truncatedLines: number;
  /** Distinct streams, counted up to 10 000. */
  readonly streams: number;
  /** Patterns that were evicted or did not fit into the token budget. */
  readonly droppedPatterns: number;
  /** Lines in those patterns. */
  readonly droppedLines: number;
  /** Lines that belong to another line: stack frames, blank lines, indented continuations. */
  readonly foldedLines: number;
}

/** `lines` = the counts of all patterns + `droppedLines` + `foldedLines`. */
export interface LogDigest {
  readonly patterns: readonly LogPattern[];
  /** The newest lines, redacted, in time order. Raw text: for people, never for a model. */
  readonly lastLines: readonly string[];
  /** Names of the streams in order of appearance, at most 1 000. */
  readonly streams: readonly string[];
  readonly totals: LogTotals;
  /** The tokens of the patterns: characters / 3.5, rounded up. */
  readonly tokens: number;
}
