import type { LogLine } from "../../../domain/reading.ts";
import { LONGEST_LINE, plainText } from "./clean-line.ts";
import { type Cluster, type ClusterStore, copyOf, createClusterStore, type NewCluster } from "./clusters.ts";
import { type Entry, readEntry } from "./entry.ts";
import { createLastLines } from "./last-lines.ts";
import { inferLevel } from "./level.ts";
import { createScanner } from "./scan.ts";
import { summarise } from "./summary.ts";
import { describe, followTrace, isContinuation, type StreamState } from "./trace.ts";
import type { LogDigest, LogLevel } from "./types.ts";

export interface LogDigestOptions {
  /** When the symptom began, epoch milliseconds. */
  readonly onset: number;
  /** What the patterns may cost a model, in tokens. */
  readonly maxTokens?: number;
  readonly lastLines?: number;
}

const MOST_CLUSTERS = 2_000;
const MOST_STREAMS = 10_000;
const MOST_STREAM_STATES = 2_000;
const LONGEST_EXEMPLAR = 2_000;
const SALTS: Readonly<Record<LogLevel, number>> = { error: 1, warn: 2, info: 3 };
/** The farthest time that ISO 8601 and `Date` can hold. */
const FARTHEST_TIME = 8.64e15;

/**
 * Mines templates from log lines in one pass and in bounded memory. Lines may come in any order of time, but
 * the lines of one stream in the order in which they were written.
 */
export function createLogDigest(options: LogDigestOptions): {
  add(lines: readonly LogLine[]): void;
  finish(): LogDigest;
} {
  const scan = createScanner();
  const store = createClusterStore(MOST_CLUSTERS);
  const lastLines = createLastLines(options.lastLines ?? 50);
  const streams = new Set<string>();
  const states = new Map<string, StreamState>();
  const totals = { lines: 0, bytes: 0, truncatedLines: 0, foldedLines: 0 };

  function stateOf(stream: string): StreamState {
    const known = states.get(stream);
    if (known !== undefined) return known;
    if (streams.size < MOST_STREAMS) streams.add(stream);
    if (states.size >= MOST_STREAM_STATES) {
      const oldest = states.keys().next();
      if (oldest.done === false) states.delete(oldest.value);
    }
    const state: StreamState = { head: undefined, mode: "plain", frame: "" };
    states.set(stream, state);
    return state;
  }

  function addLine(line: LogLine): void {
    const t = Number.isFinite(line.t) && Math.abs(line.t) <= FARTHEST_TIME ? line.t : options.onset;
    totals.lines++;
    totals.bytes += Buffer.byteLength(line.message);
    if (line.message.length > LONGEST_LINE) totals.truncatedLines++;
    lastLines.add(line, t);
    const state = stateOf(line.stream);
    const entry = readEntry(line.message);
    const folded = addEntry(store, scan, state, entry, line.message, t);
    if (folded) totals.foldedLines++;
  }

  return {
    add: (lines) => lines.forEach(addLine),
    finish: () =>
      summarise(store, {
        onset: options.onset,
        maxTokens: options.maxTokens ?? 2_000,
        lastLines: lastLines.finish(),
        totals: { ...totals, streams: streams.size },
      }),
  };
}

/** Counts one entry, or folds it into the one before; true when it was folded. */
function addEntry(
  store: ClusterStore,
  scan: ReturnType<typeof createScanner>,
  state: StreamState,
  entry: Entry,
  raw: string,
  t: number,
): boolean {
  if (
    entry.trace === undefined &&
    !entry.text.includes("\n") &&
    isContinuation(entry.text, entry.structured, state)
  ) {
    followTrace(state, entry.text);
    return true;
  }
  const [text, rest] = splitLines(entry);
  const level = entry.level ?? inferLevel(text);
  const create = (): NewCluster => ({
    level,
    exemplar: copyOf(raw.slice(0, LONGEST_EXEMPLAR)),
    worth: SALTS.info - SALTS[level] + (inferLevel(text) === "info" ? 0 : 1),
    ...(entry.access === true ? { fixed: text } : {}),
  });
  const cluster =
    entry.access === true
      ? store.findFixed(text, create)
      : store.find(scan(text), text, SALTS[level], create);
  cluster.count++;
  if (t < cluster.firstAt) cluster.firstAt = t;
  if (t > cluster.lastAt) cluster.lastAt = t;
  if (state.mode === "python" && state.frame !== "") attachFrame(cluster, state.frame);
  state.head = cluster;
  state.mode = text.startsWith("panic:") || text.startsWith("fatal error:") ? "go" : "plain";
  state.frame = "";
  for (const line of rest) describe(cluster, line);
  return false;
}

function attachFrame(cluster: Cluster, frame: string): void {
  cluster.traced = true;
  if (cluster.frame === "") cluster.frame = frame;
}

const MOST_TRACE_LINES = 200;

/** The line that says what happened, and the lines of its trace. Python says it last. */
function splitLines(entry: Entry): [head: string, rest: string[]] {
  const lines = entry.text.split("\n", MOST_TRACE_LINES);
  const trace = entry.trace === undefined ? [] : plainText(entry.trace).split("\n", MOST_TRACE_LINES);
  const all = [...lines, ...trace];
  let first = all.findIndex((line) => line.trim() !== "");
  if (first === -1) return ["", []];
  if (all[first]?.startsWith("Traceback (most") === true) {
    const last = all.findLastIndex((line) => /^\S/.test(line) && !line.startsWith("Traceback"));
    if (last > first) first = last;
  }
  return [all[first] ?? "", all.filter((_line, i) => i !== first)];
}
