/**
 * Keeps evidence small enough to be stored: a durable step holds at most 256 KiB, and the closed incident holds the
 * evidence and everything derived from it. What is left out becomes a gap.
 */

import type { FactKind, Gap } from "../domain/evidence.ts";
import { textFor } from "../domain/exit.ts";
import type { FactDraft } from "./source.ts";

const MAX_BYTES = 150 * 1024;
const MAX_LINES_BYTES = 30 * 1024;
const LONGEST_TEXT = 400;
const LONGEST_LIST = 20;
const MAX_CHART_POINTS = 1_500;

/** The most facts of a kind; more would add nothing. Kinds that are not listed are limited where they are made. */
const MOST: Partial<Record<FactKind, number>> = {
  deployment: 10,
  "stopped-tasks": 20,
  "target-health": 60,
  "running-task": 100,
};

/** Which kinds are kept first: those that guardrails need, then those that distinguish causes. */
const IMPORTANCE: readonly FactKind[] = [
  "service",
  "scaling-limits",
  "alarm",
  "trigger-difference",
  "deployment",
  "task-definition-diff",
  "finished-deployment",
  "change",
  "metric",
  "target-health",
  "stopped-tasks",
  "running-task",
  "service-event",
  "action-log",
  "log-pattern",
  "last-words",
  "scaling-activity",
  "past-incident",
];

/** The source name in a kind's gap; guardrails look for these names. */
const SOURCE: Partial<Record<FactKind, string>> = {
  metric: "metrics",
  "log-pattern": "logs",
  "last-words": "logs",
  "running-task": "tasks",
  "stopped-tasks": "tasks",
  deployment: "service",
  "service-event": "service",
  "scaling-activity": "scaling-activities",
};

/** Returns the facts that fit, in their order, and a gap for each kind of which some were left out. */
export function withinBounds(drafts: readonly FactDraft[]): { facts: FactDraft[]; gaps: Gap[] } {
  const counts = new Map<FactKind, number>();
  const left = new Map<FactKind, number>();
  const leaveOut = ({ kind }: FactDraft) => left.set(kind, (left.get(kind) ?? 0) + 1);
  const few = drafts.filter((draft) => {
    const count = (counts.get(draft.kind) ?? 0) + 1;
    counts.set(draft.kind, count);
    const fits = count <= (MOST[draft.kind] ?? Number.POSITIVE_INFINITY);
    if (!fits) leaveOut(draft);
    return fits;
  });
  const clipped = withFewPoints(few.map((draft) => clip(draft) as FactDraft));
  const kept = new Set<FactDraft>();
  let bytes = 0;
  for (const draft of clipped.toSorted((a, b) => importance(a) - importance(b))) {
    const size = Buffer.byteLength(JSON.stringify(draft));
    if (bytes + size > MAX_BYTES) {
      leaveOut(draft);
      continue;
    }
    kept.add(draft);
    bytes += size;
  }
  const gaps = [...left].map(
    ([kind, count]): Gap => ({
      source: SOURCE[kind] ?? kind,
      code: "too-much",
      message: `${count} more facts of the kind ${kind} did not fit and were left out.`,
      important: true,
    }),
  );
  return { facts: clipped.filter((draft) => kept.has(draft)), gaps };
}

function importance(draft: FactDraft): number {
  return IMPORTANCE.indexOf(draft.kind);
}

/** Cuts long texts and lists. Numbers, and the pairs that are points of a chart, stay. */
function clip(value: unknown): unknown {
  if (typeof value === "string") return shorten(value);
  if (Array.isArray(value)) {
    return Array.isArray(value[0]) ? value : value.slice(0, LONGEST_LIST).map(clip);
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clip(item)]));
}

/** Redacts before cutting: half a secret would not be recognised. */
function shorten(text: string): string {
  return text.length > LONGEST_TEXT ? `${textFor("store", text, LONGEST_TEXT)}…` : text;
}

/** Keeps chart points up to the limit; the service's own series come first. */
function withFewPoints(drafts: readonly FactDraft[]): FactDraft[] {
  let rest = MAX_CHART_POINTS;
  return drafts.map((draft) => {
    if (draft.kind !== "metric") return draft;
    const points = rest >= draft.data.points.length ? draft.data.points : [];
    rest -= points.length;
    return { ...draft, data: { ...draft.data, points } };
  });
}

/** Returns the newest lines that fit. */
export function linesWithinBounds(lines: readonly string[]): string[] {
  let bytes = 0;
  const first = lines.findLastIndex((line) => {
    bytes += Buffer.byteLength(JSON.stringify(line)) + 1;
    return bytes > MAX_LINES_BYTES;
  });
  return lines.slice(first + 1);
}
