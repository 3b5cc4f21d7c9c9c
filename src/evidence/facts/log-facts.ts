/** The application's log lines as templates. They can explain, but never justify an action. */
import type { LogDigest } from "../../../packages/log-templates/index.ts";
import { createLogDigest } from "../../../packages/log-templates/index.ts";
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

/** Returns one fact for each relevant template. */
export function logFacts(digest: LogDigest, onset: number): FactDraft[] {
  return digest.patterns.map((pattern) => ({
    kind: "log-pattern",
    provenance: "log",
    at: new Date(pattern.lastAt).toISOString(),
    statement: `${pattern.count} × ${pattern.level} (${clock(pattern.firstAt)} to ${clock(pattern.lastAt)}): ${pattern.template}`,
    data: {
      level: pattern.level,
      template: pattern.template,
      count: pattern.count,
      firstAt: new Date(pattern.firstAt).toISOString(),
      lastAt: new Date(pattern.lastAt).toISOString(),
      newSinceOnset: pattern.firstAt >= onset,
      ...(pattern.signal === undefined ? {} : { signal: pattern.signal }),
    },
  }));
}
