/**
 * What ECS Action Logs say of the service, where the cluster has them. The lines come from a log group, which everybody
 * may write to who may put log events there (a task's execution role commonly may, to any group): they explain, as a log
 * line does, and support nothing.
 */
import type { ActionLogReading } from "../../domain/reading.ts";
import type { FactDraft } from "../source.ts";
import { clock } from "../times.ts";

/** The ARN of the cluster of a service, whose own may be of the old form without it. */
export function clusterArnOf(serviceArn: string, cluster: string): string {
  return `${serviceArn.slice(0, serviceArn.indexOf(":service/"))}:cluster/${cluster}`;
}

/** The most different entries that are told. */
const MOST = 8;

/** Returns one fact for equal entries, the newest first. Numbers and ids in a reason do not make it another one. */
export function actionLogFacts(entries: readonly ActionLogReading[]): FactDraft[] {
  const groups = new Map<string, { newest: ActionLogReading; count: number }>();
  for (const entry of entries) {
    const key = `${entry.event} ${(entry.reason ?? "").replace(/[0-9a-f]{8,}|\d+/g, "#")}`;
    const { count = 0, newest = entry } = groups.get(key) ?? {};
    groups.set(key, { newest: entry.at > newest.at ? entry : newest, count: count + 1 });
  }
  return [...groups.values()]
    .toSorted((one, other) => (one.newest.at < other.newest.at ? 1 : -1))
    .slice(0, MOST)
    .map(({ newest: { at, level, event, reason }, count }) => ({
      kind: "action-log",
      provenance: "log",
      at,
      statement: `Action Logs, ${level}${count > 1 ? ` (${count} times, last ` : " ("}${clock(at)}): ${event}${reason === undefined ? "" : `: ${reason}`}`,
      data: { level, event, ...(reason === undefined ? {} : { reason }), count },
    }));
}
