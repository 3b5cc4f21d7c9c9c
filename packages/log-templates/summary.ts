import { redact } from "../redaction/index.ts";
import { type Cluster, type ClusterStore, causesOf } from "./clusters.ts";
import { printable } from "./lines/clean-line.ts";
import { linesOf, quoteOf } from "./quote.ts";
import { byImportance, withinBudget } from "./rank.ts";
import { renderCause, renderCluster } from "./render-cluster.ts";
import type { LogDigest, LogLevel, LogPattern, LogRootCause, LogSignal, LogTotals } from "./types.ts";
import { valuesOf } from "./values.ts";

const LONGEST_CAUSE = 300;
const MOST_CAUSES = 4;
const MOST_STREAMS = 200;

/** Clusters with the same level and template. */
interface Group {
  readonly level: LogLevel;
  readonly template: string;
  readonly signal?: LogSignal;
  readonly clusters: Cluster[];
}

type Counted = Pick<
  LogPattern,
  "level" | "template" | "signal" | "count" | "countBefore" | "firstAt" | "lastAt" | "newSinceOnset"
>;

export interface SummaryInput {
  readonly onset: number;
  readonly maxTokens: number;
  readonly lastLines: readonly string[];
  readonly streams: readonly string[];
  readonly totals: Omit<LogTotals, "droppedPatterns" | "droppedLines">;
}

/**
 * Makes the digest: merges clusters with the same text into patterns, ranks them, and keeps as many as the budget
 * allows.
 */
export function summarise(store: ClusterStore, input: SummaryInput): LogDigest {
  const ranked = groups(store.all())
    .map((group) => ({ ...counted(group, input.onset), clusters: group.clusters }))
    .sort(byImportance);
  const { kept, tokens } = withinBudget(ranked, input.maxTokens);
  const shown = new Set(kept);
  const dropped = ranked.filter((pattern) => !shown.has(pattern));
  const evicted = store.evicted();
  return {
    patterns: kept.map(({ clusters, ...pattern }) => ({ ...pattern, ...wordsOf(clusters) })),
    lastLines: input.lastLines,
    streams: input.streams,
    totals: {
      ...input.totals,
      droppedPatterns: evicted.patterns + dropped.length,
      droppedLines: evicted.lines + dropped.reduce((sum, pattern) => sum + pattern.count, 0),
    },
    tokens,
  };
}

function groups(clusters: readonly Cluster[]): Group[] {
  const found = new Map<string, Group>();
  for (const cluster of clusters) {
    const level = cluster.traced && cluster.level === "info" ? "error" : cluster.level;
    const rendered = renderCluster(cluster, level);
    const key = `${level} ${rendered.template}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, { level, ...rendered, clusters: [cluster] });
    else group.clusters.push(cluster);
  }
  return [...found.values()];
}

function counted({ clusters, ...rendered }: Group, onset: number): Counted {
  const sum = {
    count: 0,
    countBefore: 0,
    firstAt: Number.POSITIVE_INFINITY,
    lastAt: Number.NEGATIVE_INFINITY,
  };
  let earliestPossible = Number.POSITIVE_INFINITY;
  for (const { count, countBefore, firstAt, lastAt, mayBeOlderThan } of clusters) {
    sum.count += count;
    sum.countBefore += countBefore;
    sum.firstAt = Math.min(sum.firstAt, firstAt);
    sum.lastAt = Math.max(sum.lastAt, lastAt);
    earliestPossible = Math.min(earliestPossible, firstAt, mayBeOlderThan);
  }
  return { ...rendered, ...sum, newSinceOnset: earliestPossible >= onset };
}

function wordsOf(
  clusters: readonly Cluster[],
): Pick<LogPattern, "lines" | "rootCauses" | "values" | "streams" | "frame"> {
  const main = clusters.reduce((most, cluster) => (cluster.count > most.count ? cluster : most));
  const frame = clusters.find((cluster) => cluster.frame !== "")?.frame;
  return {
    lines: withDetail(linesOf(clusters), main.detail),
    rootCauses: rootCauses(clusters),
    values: valuesOf(main),
    streams: [...new Set(clusters.flatMap(({ streams }) => [...streams]))].slice(0, MOST_STREAMS),
    ...(frame === undefined ? {} : { frame: printable(redact(frame, "person"), LONGEST_CAUSE) }),
  };
}

/** Below a head that only names the logger stands the message. */
function withDetail(lines: readonly string[], detail: string): string[] {
  return detail === "" ? [...lines] : lines.map((line) => quoteOf(`${line}: ${detail}`));
}

function rootCauses(clusters: readonly Cluster[]): LogRootCause[] {
  const causes = clusters.flatMap((cluster) => causesOf(cluster));
  return causes
    .sort((one, other) => other.count - one.count)
    .slice(0, MOST_CAUSES)
    .map(({ text, count }) => ({
      text: printable(redact(text, "person"), LONGEST_CAUSE),
      ...renderCause(text),
      count,
    }));
}
