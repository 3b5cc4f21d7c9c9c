/** The application's log lines as templates. They can explain, but never justify an action. */
import type { LogDigest, LogPattern } from "../../../packages/log-templates/index.ts";
import { createLogDigest } from "../../../packages/log-templates/index.ts";
import type { FactOf } from "../../domain/evidence.ts";
import type { TaskDefinitionReading } from "../../domain/reading.ts";
import type { Window } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { clock } from "../times.ts";

/** Returns the log groups of the containers; by convention `<prefix><service>` where the definition names none. */
export function logGroupsOf(
  definition: TaskDefinitionReading | undefined,
  context: EvidenceContext,
): string[] {
  const named = new Set(definition?.containers.flatMap((container) => container.logGroup ?? []));
  return named.size > 0 ? [...named] : [`${context.logGroupPrefix}${context.target.service}`];
}

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

/** Reads and digests the lines of the groups in {@link logWindow}. */
export async function readLogs(
  context: EvidenceContext,
  groups: readonly string[],
  onset: number,
  signal: AbortSignal,
): Promise<LogDigest> {
  const window = logWindow(context, onset);
  const digest = createLogDigest({ onset });
  for (const group of groups) {
    for await (const page of context.readers.logs.lines(group, window, { signal })) digest.add(page);
  }
  return digest.finish();
}

/** The patterns whose real words are kept: the most important ones, since the evidence is bounded. */
const MOST_IN_WORDS = 15;
const MOST_TASK_IDS = 20;

/** Returns one fact for each relevant template, the most important first. */
export function logFacts(digest: LogDigest, onset: number): FactDraft[] {
  const total = tasksOf(digest.streams).length;
  return digest.patterns.map((pattern, index) => {
    const { level, template, count, countBefore, firstAt, lastAt, signal } = pattern;
    const tasks = tasksOf(pattern.streams);
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

/**
 * Returns the ids of the tasks behind log streams, which AWS names `prefix/container/task-id` (awslogs) or
 * `prefix/container-firelens-task-id` (FireLens).
 */
function tasksOf(streams: readonly string[]): string[] {
  return [...new Set(streams.flatMap((stream) => /[/-]([0-9a-f]{32})$/.exec(stream)?.[1] ?? []))];
}
