import { isKnownName } from "./known-names.ts";
import { MARK, type Scan, VARIABLE, WORD } from "./scan.ts";
import { isStatement, likeness, mergeInto, type Piece } from "./similarity.ts";
import type { LogLevel } from "./types.ts";
import { wordWeight } from "./vocabulary.ts";

/** Lines of one template, as learned so far. */
export interface Cluster {
  readonly pieces: Piece[];
  /** A template that is shown as it is, since no part of it comes from outside. */
  readonly fixed?: string;
  level: LogLevel;
  count: number;
  /** Of `count`, the lines before the onset. */
  countBefore: number;
  /** The lines with the earliest and the latest time, and some whose words differ from the template; raw. */
  oldest: string;
  newest: string;
  readonly variants: string[];
  /** Log streams with a line of it, at most {@link MOST_STREAMS}. */
  readonly streams: Set<string>;
  /** Bits of the first 32 streams of the digest that are in `streams`: saves the look-up in most lines. */
  streamBits: number;
  /** By the index of a piece: hashes of its values in the first lines that came, at most {@link MOST_VALUES}. */
  readonly values: (Set<number> | undefined)[];
  firstAt: number;
  lastAt: number;
  /** Higher is kept longer when space is short. */
  readonly worth: number;
  evicted: boolean;
  /** The earliest line that had been evicted when this cluster was made: it may have been one of its lines. */
  readonly mayBeOlderThan: number;
  /** A stack trace followed at least once: the top frame of the program's own code, and the root cause. */
  traced: boolean;
  frame: string;
  /** Below a head that only names the logger: the line with the message. */
  detail: string;
  /** The innermost cause of each distinct trace, by its masked text, at most {@link MOST_CAUSES}. */
  readonly causes: Map<string, RootCause>;
}

/** A root cause as a trace words it, raw, and in how many traces it stood. */
export interface RootCause {
  readonly text: string;
  count: number;
}

export const MOST_STREAMS = 200;
export const MOST_VALUES = 100;
const MOST_CAUSES = 8;
const MOST_VARIANTS = 3;

export interface ClusterStore {
  /** Returns the cluster of a scanned line, made by `create` for a new template. */
  find(scan: Scan, text: string, salt: number, raw: string, create: () => NewCluster): Cluster;
  /** Returns the cluster of a template that is known beforehand. */
  findFixed(template: string, create: () => NewCluster): Cluster;
  all(): readonly Cluster[];
  evicted(): { readonly patterns: number; readonly lines: number };
}

export type NewCluster = Pick<Cluster, "level" | "worth" | "fixed">;

const MOST_REMEMBERED = 20_000;
const MOST_IN_BUCKET = 64;

/**
 * Keeps at most `limit` clusters. A line seen before in the same masked form costs one look-up; another one is
 * compared with the clusters of its shape, as in the leaves of Drain's tree (He et al., ICWS 2017).
 */
export function createClusterStore(limit: number): ClusterStore {
  const clusters: Cluster[] = [];
  const remembered = new Map<number, Cluster>();
  const fixed = new Map<string, Cluster>();
  const buckets = new Map<number, Cluster[]>();
  let evictedPatterns = 0;
  let evictedLines = 0;
  let earliestEvicted = Number.POSITIVE_INFINITY;

  function findAlike(
    scan: Scan,
    salt: number,
    pieces: Piece[],
    lineAndText: readonly [raw: string, text: string],
    create: () => NewCluster,
  ): Cluster {
    const shape = scan.shape * 8 + salt;
    const bucket = buckets.get(shape) ?? [];
    let best: Cluster | undefined;
    let bestScore = 0;
    for (const cluster of bucket) {
      const score = likeness(cluster.pieces, pieces);
      if (score <= bestScore) continue;
      best = cluster;
      bestScore = score;
    }
    if (best !== undefined) {
      mergeInto(best.pieces, pieces);
      if (best.variants.length < MOST_VARIANTS) best.variants.push(keptLine(...lineAndText));
      return best;
    }
    const cluster = keep(create(), pieces);
    bucket.push(cluster);
    buckets.set(shape, bucket);
    if (bucket.length > MOST_IN_BUCKET) bucket.shift();
    return cluster;
  }

  /** In a flood of new lines only the program's vocabulary distinguishes them: everything else varies. */
  function findCoarsely(salt: number, pieces: Piece[], create: () => NewCluster): Cluster {
    let key = String(salt);
    for (const piece of pieces) {
      if (!piece.statement && !isKnownName(piece.text)) {
        piece.varies = piece.kind !== MARK && wordWeight(piece.text.toLowerCase()) === undefined;
      }
      key += piece.varies ? " *" : ` ${piece.text}`;
    }
    return findFixed(key, create, pieces);
  }

  function findFixed(key: string, create: () => NewCluster, pieces: Piece[]): Cluster {
    const known = fixed.get(key);
    if (known !== undefined && !known.evicted) return known;
    const cluster = keep(create(), pieces);
    if (fixed.size >= MOST_REMEMBERED) fixed.clear();
    fixed.set(key, cluster);
    return cluster;
  }

  function evict(): void {
    clusters.sort((a, b) => b.worth - a.worth || b.count - a.count || a.firstAt - b.firstAt);
    for (const cluster of clusters.splice(Math.floor(limit * 0.75))) {
      cluster.evicted = true;
      evictedPatterns++;
      evictedLines += cluster.count;
      earliestEvicted = Math.min(earliestEvicted, cluster.firstAt);
    }
    buckets.forEach((bucket, key) => {
      const alive = bucket.filter((cluster) => !cluster.evicted);
      if (alive.length === 0) buckets.delete(key);
      else bucket.splice(0, bucket.length, ...alive);
    });
  }

  function keep(created: NewCluster, pieces: Piece[]): Cluster {
    if (clusters.length >= limit) evict();
    const cluster: Cluster = {
      ...created,
      mayBeOlderThan: earliestEvicted,
      pieces,
      count: 0,
      countBefore: 0,
      oldest: "",
      newest: "",
      variants: [],
      streams: new Set(),
      streamBits: 0,
      values: [],
      firstAt: Number.POSITIVE_INFINITY,
      lastAt: Number.NEGATIVE_INFINITY,
      evicted: false,
      traced: false,
      frame: "",
      detail: "",
      causes: new Map(),
    };
    clusters.push(cluster);
    return cluster;
  }

  return {
    findFixed: (template, create) => findFixed(template, create, []),
    find(scan, text, salt, raw, create) {
      const key = scan.key + salt;
      const known = remembered.get(key);
      if (known !== undefined && !known.evicted) return known;
      const pieces = piecesOf(scan, text);
      const cluster =
        evictedPatterns < limit
          ? findAlike(scan, salt, pieces, [raw, text], create)
          : findCoarsely(salt, pieces, create);
      if (remembered.size >= MOST_REMEMBERED) remembered.clear();
      remembered.set(key, cluster);
      return cluster;
    },
    all: () => clusters,
    evicted: () => ({ patterns: evictedPatterns, lines: evictedLines }),
  };
}

const LONGEST_KEPT = 2_000;

/** Returns what is kept of a line: of a long one the beginning of its message, since half an envelope says nothing. */
export function keptLine(raw: string, text: string): string {
  return raw.length <= LONGEST_KEPT ? raw : copyOf(text.slice(0, LONGEST_KEPT));
}

/** Counts the root cause of one trace. Numbers and addresses in it do not make it another. */
export function addCause(cluster: Cluster, text: string): void {
  const masked = text.replaceAll(/[\w.:-]*\d[\w.:-]*/g, "#");
  const known = cluster.causes.get(masked);
  if (known !== undefined) known.count++;
  else if (cluster.causes.size < MOST_CAUSES) cluster.causes.set(masked, { text: copyOf(text), count: 1 });
}

/** Returns the root causes, the most frequent first. */
export function causesOf(cluster: Cluster): readonly RootCause[] {
  return [...cluster.causes.values()].sort((one, other) => other.count - one.count);
}

const LONGEST_PIECE = 80;

/** Copies the scanned pieces of a line. */
export function piecesOf(scan: Scan, text: string): Piece[] {
  const end = scan.ends[scan.count - 1] ?? 0;
  const copy = copyOf(text.slice(0, end));
  const pieces: Piece[] = [];
  for (let i = 0; i < scan.count; i++) {
    const start = scan.starts[i] ?? 0;
    const kind = scan.kinds[i] ?? MARK;
    const piece = copy.slice(start, Math.min(scan.ends[i] ?? 0, start + LONGEST_PIECE));
    pieces.push({
      kind,
      text: piece,
      statement: kind === WORD && isStatement(piece),
      varies: kind === VARIABLE,
    });
  }
  return pieces;
}

/** A slice keeps its whole source alive in V8, so what is kept for long is copied. */
export function copyOf(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
