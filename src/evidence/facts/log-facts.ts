/** The application's own words, digested. They can explain, but never justify an action. */
import type { LogDigest } from "../../../packages/log-templates/index.ts";
import { createLogDigest } from "../../../packages/log-templates/index.ts";
import type { TaskDefinitionReading } from "../../domain/reading.ts";
import type { Window } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { clock } from "../times.ts";

/** The groups the containers log to; by convention `<prefix><service>` where the definition does not say. */
export function logGroupsOf(
  definition: TaskDefinitionReading | undefined,
  context: EvidenceContext,
): string[] {
  const named = new Set(definition?.containers.flatMap((container) => container.logGroup ?? []));
  return named.size > 0 ? [...named] : [`${context.logGroupPrefix}${context.target.service}`];
}

/** However early the onset, no lines older than this are read. */
const OLDEST_MS = 60 * 60_000;

/** From some minutes before the onset (epoch milliseconds; the alarm's time where it is not known) up to now. */
export function logWindow({ alert, timing, now, ...known }: EvidenceContext, onset = known.onset): Window {
  const fired = Date.parse(alert.firedAt);
  const began = Math.min(onset ?? fired, fired);
  return { from: Math.max(began - timing.logWindowMinutes * 60_000, now - OLDEST_MS), to: now + 1 };
}

/** Reads and digests the lines of the groups from before the onset up to now. */
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

/** One fact for each template worth telling. */
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
