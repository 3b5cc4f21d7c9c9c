/** The application's own words, digested. They can explain, but never justify an action. */
import type { LogDigest } from "./log-digest/index.ts";
import { createLogDigest } from "./log-digest/index.ts";
import type { FactDraft, ObserveContext } from "./source.ts";
import { clock } from "./times.ts";

/** Reads and digests the lines of the groups from before the alarm up to now. */
export async function readLogs(
  context: ObserveContext,
  groups: readonly string[],
  signal: AbortSignal,
): Promise<LogDigest> {
  const fired = Date.parse(context.alert.firedAt);
  const window = { from: fired - context.timing.logWindowMinutes * 60_000, to: context.now + 1 };
  const digest = createLogDigest({ onset: fired });
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
