import type { Cluster } from "./clusters.ts";
import { createIntake } from "./intake.ts";
import type { LogLine } from "./log-line.ts";
import { renderCluster } from "./render-cluster.ts";
import type { LogLevel } from "./types.ts";

const MINUTE = 60_000;
const MOST_MINUTES = 180;
const MOST_PAIRS = 20_000;
const MOST_NEIGHBOURS = 3;

/** The lines of one pattern over time, and the lines just before them in their streams. */
export interface PatternTrace {
  /** From the first minute with the pattern to the last, the empty ones too. */
  readonly perMinute: readonly { readonly at: number; readonly count: number }[];
  /** Templates of the lines before, the most frequent first. */
  readonly before: readonly { readonly template: string; readonly count: number }[];
}

interface Wanted {
  readonly level: LogLevel;
  readonly template: string;
}

/**
 * Follows one known pattern in lines that are read again. One pass, bounded memory. Which clusters are the pattern is
 * known only at the end, when templates have been learned, so minutes and neighbours are kept for all.
 */
export function createPatternTrace(wanted: Wanted): {
  add(lines: readonly LogLine[]): void;
  finish(): PatternTrace;
} {
  const intake = createIntake();
  const minutes = new Map<Cluster, Map<number, number>>();
  const pairs = new Map<Cluster, Map<Cluster, number>>();
  const last = new Map<string, Cluster>();
  let pairCount = 0;
  let minuteCount = 0;

  function addLine(line: LogLine): void {
    const cluster = intake.add(line, line.t);
    if (cluster === undefined) return;
    const minute = Math.floor(line.t / MINUTE);
    const counts = minutes.get(cluster) ?? new Map<number, number>();
    if (counts.has(minute) || minuteCount++ < MOST_PAIRS) counts.set(minute, (counts.get(minute) ?? 0) + 1);
    minutes.set(cluster, counts);
    const previous = last.get(line.stream);
    if (previous !== undefined && previous !== cluster) {
      const befores = pairs.get(cluster) ?? new Map<Cluster, number>();
      if (befores.has(previous) || pairCount++ < MOST_PAIRS)
        befores.set(previous, (befores.get(previous) ?? 0) + 1);
      pairs.set(cluster, befores);
    }
    if (last.size > MOST_PAIRS) last.clear();
    last.set(line.stream, cluster);
  }

  return {
    add: (lines) => lines.forEach(addLine),
    finish() {
      intake.finish();
      const own = [...minutes.keys()].filter((cluster) => isWanted(cluster, wanted));
      return {
        perMinute: fill(sum(own.map((cluster) => minutes.get(cluster)))),
        before: neighbours(sum(own.map((cluster) => pairs.get(cluster))), wanted),
      };
    },
  };
}

function isWanted(cluster: Cluster, wanted: Wanted): boolean {
  const level = cluster.traced && cluster.level === "info" ? "error" : cluster.level;
  return level === wanted.level && renderCluster(cluster, level).template === wanted.template;
}

function sum<K>(maps: readonly (ReadonlyMap<K, number> | undefined)[]): Map<K, number> {
  const total = new Map<K, number>();
  for (const map of maps) {
    for (const [key, count] of map ?? []) total.set(key, (total.get(key) ?? 0) + count);
  }
  return total;
}

function fill(counts: ReadonlyMap<number, number>): PatternTrace["perMinute"] {
  const known = [...counts.keys()].filter(Number.isFinite).sort((a, b) => a - b);
  const to = known.at(-1);
  if (to === undefined) return [];
  const from = Math.max(known[0] ?? to, to - MOST_MINUTES + 1);
  return Array.from({ length: to - from + 1 }, (_entry, i) => ({
    at: (from + i) * MINUTE,
    count: counts.get(from + i) ?? 0,
  }));
}

function neighbours(befores: ReadonlyMap<Cluster, number>, wanted: Wanted): PatternTrace["before"] {
  const templates = new Map<string, number>();
  befores.forEach((count, cluster) => {
    const { template } = renderCluster(cluster, cluster.level);
    if (template !== wanted.template) templates.set(template, (templates.get(template) ?? 0) + count);
  });
  return [...templates]
    .map(([template, count]) => ({ template, count }))
    .sort((a, b) => b.count - a.count || (a.template < b.template ? -1 : 1))
    .slice(0, MOST_NEIGHBOURS);
}
