/** The application's log lines as templates. They can explain, but never justify an action. */
import type { LogDigest, LogPattern } from "../../../packages/log-templates/index.ts";
import { createLogDigest } from "../../../packages/log-templates/index.ts";
import type { FactOf } from "../../domain/evidence.ts";
import type { LogLine } from "../../domain/reading.ts";
import type { LogLines } from "../log-lines.ts";
import type { Window } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { clock } from "../times.ts";

/** Lines older than this are not read, however early the onset. */
const OLDEST_MS = 60 * 60_000;

/**
 * Returns the window from some minutes before the onset (epoch milliseconds; the alarm's time where it is unknown)
 * until now.
 */
export function logWindow({ alert, timing, now, ...known }: EvidenceContext, onset = known.onset): Window {
  const fired = Date.parse(alert.firedAt);
  const began = Math.min(onset ?? fired, fired);
  return { from: Math.max(began - timing.logWindowMinutes * 60_000, now - OLDEST_MS), to: now + 1 };
}

/** Reads and digests the application's lines in {@link logWindow}; `listener` hears each page as well. */
export async function readLogs(
  context: EvidenceContext,
  lines: LogLines,
  onset: number,
  signal: AbortSignal,
  listener?: (page: readonly LogLine[]) => void,
): Promise<LogDigest> {
  const digest = createLogDigest({ onset });
  for await (const page of lines.pages(logWindow(context, onset), signal)) {
    digest.add(page);
    listener?.(page);
  }
  return digest.finish();
}

/** The patterns whose real words are kept: the most important ones, since the evidence is bounded. */
const MOST_IN_WORDS = 15;
const MOST_TASK_IDS = 20;

const MOST_CONTAINERS = 5;

/** Returns one fact for each relevant template, the most important first, with the tasks and containers that say it. */
export function logFacts(digest: LogDigest, onset: number, ownerOf: LogLines["ownerOf"]): FactDraft[] {
  const total = tasksOf(digest.streams, ownerOf).length;
  return digest.patterns.map((pattern, index) => {
    const { level, template, count, countBefore, firstAt, lastAt, signal } = pattern;
    const tasks = tasksOf(pattern.streams, ownerOf);
    const containers = distinct(pattern.streams.map((stream) => ownerOf(stream)?.container));
    return {
      kind: "log-pattern",
      provenance: "log",
      at: new Date(lastAt).toISOString(),
      statement: `${count} × ${level} (${clock(firstAt)} to ${clock(lastAt)}): ${template}`,
      data: {
        level,
        template,
        count,
        firstAt: new Date(firstAt).toISOString(),
        lastAt: new Date(lastAt).toISOString(),
        newSinceOnset: firstAt >= onset,
        ...(signal === undefined ? {} : { signal }),
        countBefore,
        ...(containers.length === 0 ? {} : { containers: containers.slice(0, MOST_CONTAINERS) }),
        ...(tasks.length === 0
          ? {}
          : { taskIds: tasks.slice(0, MOST_TASK_IDS), taskCount: tasks.length, taskTotal: total }),
        ...(index < MOST_IN_WORDS ? inWords(pattern) : {}),
      },
    };
  });
}

function inWords({ lines, frame, rootCauses, values }: LogPattern): Partial<FactOf<"log-pattern">["data"]> {
  return {
    lines: [...lines],
    ...(frame === undefined ? {} : { frame }),
    ...(rootCauses.length === 0 ? {} : { rootCauses: [...rootCauses] }),
    ...(values.length === 0 ? {} : { values: [...values] }),
  };
}

function tasksOf(streams: readonly string[], ownerOf: LogLines["ownerOf"]): string[] {
  return distinct(streams.map((stream) => ownerOf(stream)?.taskId));
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
