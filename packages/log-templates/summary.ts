import { redact } from "../redaction/index.ts";
import type { Cluster, ClusterStore } from "./clusters.ts";
import { printable } from "./lines/clean-line.ts";
import { byImportance, withinBudget } from "./rank.ts";
import { renderCluster } from "./render-cluster.ts";
import type { LogDigest, LogLevel, LogPattern, LogSignal, LogTotals } from "./types.ts";

const LONGEST_EXEMPLAR = 400;

interface Summed {
  readonly level: LogLevel;
  readonly template: string;
  readonly signal?: LogSignal;
  readonly cluster: Cluster;
  count: number;
  firstAt: number;
  lastAt: number;
  earliestPossible: number;
}

export interface SummaryInput {
  readonly onset: number;
  readonly maxTokens: number;
  readonly lastLines: readonly string[];
  readonly totals: Omit<LogTotals, "droppedPatterns" | "droppedLines">;
}

/**
 * Makes the digest: merges clusters with the same text into patterns, ranks them, and keeps as many as the budget
 * allows.
 */
export function summarise(store: ClusterStore, input: SummaryInput): LogDigest {
  const patterns = [...sumUp(store.all()).values()].map((summed) => toPattern(summed, input.onset));
  const ranked = patterns.sort(byImportance);
  const { kept, tokens } = withinBudget(ranked, input.maxTokens);
  const shown = new Set(kept);
  const dropped = ranked.filter((pattern) => !shown.has(pattern));
  const evicted = store.evicted();
  return {
    patterns: kept.map(({ cluster, ...pattern }) => ({ ...pattern, exemplar: exemplarOf(cluster) })),
    lastLines: input.lastLines,
    totals: {
      ...input.totals,
      droppedPatterns: evicted.patterns + dropped.length,
      droppedLines: evicted.lines + dropped.reduce((sum, pattern) => sum + pattern.count, 0),
    },
    tokens,
  };
}

function sumUp(clusters: readonly Cluster[]): Map<string, Summed> {
  const sums = new Map<string, Summed>();
  for (const cluster of clusters) {
    const level = cluster.traced && cluster.level === "info" ? "error" : cluster.level;
    const { template, signal } = renderCluster(cluster, level);
    const earliestPossible = Math.min(cluster.firstAt, cluster.mayBeOlderThan);
    const key = `${level} ${template}`;
    const sum = sums.get(key);
    if (sum === undefined) {
      const { count, firstAt, lastAt } = cluster;
      sums.set(key, {
        level,
        template,
        ...(signal === undefined ? {} : { signal }),
        cluster,
        count,
        firstAt,
        lastAt,
        earliestPossible,
      });
      continue;
    }
    sum.count += cluster.count;
    sum.firstAt = Math.min(sum.firstAt, cluster.firstAt);
    sum.earliestPossible = Math.min(sum.earliestPossible, earliestPossible);
    sum.lastAt = Math.max(sum.lastAt, cluster.lastAt);
  }
  return sums;
}

function toPattern(summed: Summed, onset: number): LogPattern & { readonly cluster: Cluster } {
  const { level, template, signal, cluster, count, firstAt, lastAt } = summed;
  return {
    level,
    template,
    count,
    firstAt,
    lastAt,
    newSinceOnset: summed.earliestPossible >= onset,
    ...(signal === undefined ? {} : { signal }),
    exemplar: "",
    cluster,
  };
}

/** Returns the raw line for a person, with its top own frame and its root cause. */
function exemplarOf(cluster: Cluster): string {
  const parts = [cluster.exemplar];
  if (cluster.frame !== "") parts.push(`at ${cluster.frame}`);
  if (cluster.cause !== "") parts.push(`caused by ${cluster.cause}`);
  return printable(redact(parts.join(" | "), "person"), LONGEST_EXEMPLAR);
}
