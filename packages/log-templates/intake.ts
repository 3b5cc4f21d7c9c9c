import { ADVICE_TOKEN, givesAdvice } from "./advice.ts";
import {
  type Cluster,
  type ClusterStore,
  createClusterStore,
  keptLine,
  MOST_STREAMS,
  type NewCluster,
} from "./clusters.ts";
import { LONGEST_LINE, plainText } from "./lines/clean-line.ts";
import { readEntry } from "./lines/entry.ts";
import { inferLevel } from "./lines/level.ts";
import type { Entry } from "./lines/log-entry.ts";
import { causeWithin, unfold } from "./lines/unfold.ts";
import type { LogLine } from "./log-line.ts";
import { createScanner } from "./scan.ts";
import { createStreams, type Streams } from "./streams.ts";
import {
  describe,
  endTrace,
  followTrace,
  isCategory,
  isContinuation,
  isRustPanic,
  type StreamState,
} from "./trace.ts";
import type { LogLevel, LogTotals } from "./types.ts";
import { countValues } from "./values.ts";

const MOST_CLUSTERS = 2_000;
const MOST_TRACE_LINES = 200;
/** Lines of a pattern whose values are counted: more would only cost time. */
const MOST_VALUED = 500;
const RANKS: Readonly<Record<LogLevel, number>> = { info: 1, warn: 2, error: 3 };

export interface Intake {
  readonly store: ClusterStore;
  /** Counts a line; returns its cluster, or undefined when it belongs to the line before it. */
  add(line: LogLine, t: number): Cluster | undefined;
  /** Ends the traces that are under way; nothing is rendered before. */
  finish(): void;
  streams(): readonly string[];
  totals(): Omit<LogTotals, "droppedPatterns" | "droppedLines">;
}

/** Removes envelopes, folds stack traces, and sorts the remaining lines into clusters. `onset`: epoch milliseconds. */
export function createIntake(onset = Number.NEGATIVE_INFINITY): Intake {
  const scan = createScanner();
  const store = createClusterStore(MOST_CLUSTERS);
  const streams: Streams = createStreams();
  const totals = { lines: 0, bytes: 0, truncatedLines: 0, foldedLines: 0 };

  function clusterOf(entry: Entry, line: string, raw: string): Cluster {
    const text = entry.level === "info" ? line : unfold(line);
    const level = entry.level ?? (isTraceback(entry) ? "error" : inferLevel(text));
    const create = (): NewCluster => ({
      level,
      worth: RANKS[level] + (inferLevel(text) === "info" ? 0 : 1),
      ...(entry.access === true ? { fixed: text } : {}),
    });
    if (entry.access !== true && givesAdvice(text)) {
      return store.findFixed(`${ADVICE_TOKEN} ${level}`, () => ({
        ...create(),
        worth: 1,
        fixed: ADVICE_TOKEN,
      }));
    }
    if (entry.access === true) return store.findFixed(text, create);
    const scanned = scan(text);
    const cluster = store.find(scanned, text, RANKS[level], raw, create);
    if (cluster.count < MOST_VALUED) countValues(cluster, scanned, text);
    return cluster;
  }

  function countLine(cluster: Cluster, stream: string, { number }: StreamState, t: number): void {
    cluster.count++;
    if (t < onset) cluster.countBefore++;
    if (number < 32) {
      const bit = 1 << number;
      if ((cluster.streamBits & bit) !== 0) return;
      cluster.streamBits |= bit;
    }
    if (cluster.streams.size < MOST_STREAMS) cluster.streams.add(stream);
  }

  return {
    store,
    add(line, t) {
      totals.lines++;
      totals.bytes += Buffer.byteLength(line.message);
      if (line.message.length > LONGEST_LINE) totals.truncatedLines++;
      const state = streams.stateOf(line.stream);
      const entry = readEntry(line.message);
      if (continues(entry, state)) {
        totals.foldedLines++;
        for (const part of entry.text.split("\n", MOST_TRACE_LINES)) followTrace(state, part);
        return undefined;
      }
      const [text, trace] = splitLines(entry);
      const cluster = clusterOf(entry, text, line.message);
      countLine(cluster, line.stream, state, t);
      if (t < cluster.firstAt) {
        cluster.firstAt = t;
        cluster.oldest = keptLine(line.message, text);
      }
      if (t >= cluster.lastAt) {
        cluster.lastAt = t;
        cluster.newest = keptLine(line.message, text);
      }
      begin(state, cluster, entry, text);
      for (const part of trace) describe(state, cluster, part);
      return cluster;
    },
    finish: () => streams.endTraces(),
    streams: streams.names,
    totals: () => ({ ...totals, streams: streams.count() }),
  };
}

/** A whole trace of Python in one entry. */
function isTraceback({ text }: Entry): boolean {
  return text.startsWith("Traceback") && text.includes("\n");
}

/** Whether the entry continues the line before it; a whole Python trace in one entry does not. */
function continues(entry: Entry, state: StreamState): boolean {
  if (entry.trace !== undefined || isTraceback(entry)) return false;
  return isContinuation(entry.text, entry.structured, state);
}

/** Starts a new entry of the stream; a Python trace before it belongs to it. */
function begin(state: StreamState, cluster: Cluster, entry: Entry, text: string): void {
  endTrace(state);
  if (state.mode === "python") {
    cluster.traced = true;
    if (cluster.frame === "") cluster.frame = state.frame;
  }
  state.head = cluster;
  state.structured = entry.structured;
  state.mode = text.startsWith("panic:") || text.startsWith("fatal error:") ? "go" : "plain";
  state.frame = "";
  state.category = isCategory(text);
  state.awaits = isRustPanic(text);
  state.listed = false;
  // In Python what was raised first is told first.
  state.cause = state.chained !== "" ? state.chained : cluster.level === "info" ? "" : causeWithin(text);
  state.chained = "";
  state.earlier = "";
  state.headText = text;
}

/** Returns the line that says what happened, and the lines of its trace. In Python it is the last one. */
function splitLines(entry: Entry): readonly [head: string, rest: readonly string[]] {
  if (entry.trace === undefined && !entry.text.includes("\n")) return [entry.text, []];
  const trace = entry.trace === undefined ? [] : plainText(entry.trace).split("\n", MOST_TRACE_LINES);
  const all = [...entry.text.split("\n", MOST_TRACE_LINES), ...trace];
  let first = all.findIndex((line) => line.trim() !== "");
  if (all[first]?.startsWith("Traceback (most") === true) {
    first = Math.max(
      first,
      all.findLastIndex((line) => /^\S/.test(line)),
    );
  }
  return [all[first] ?? "", all.filter((_line, i) => i !== first)];
}
