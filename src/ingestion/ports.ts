/** What ingestion asks AWS: which service an alarm is about that stands for others, and which tasks stopped lately. */
import type { AlarmContributorReading, AlarmReading, TaskReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";

export interface AlarmLookup {
  /** Undefined where AWS has no such alarm. Throws {@link OpsAgentError}. */
  alarm(name: string, options?: { readonly signal?: AbortSignal }): Promise<AlarmReading | undefined>;
  /** The series of an alarm on many that are in ALARM; undefined for an alarm that has none. Throws as `alarm`. */
  contributors(
    name: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly AlarmContributorReading[] | undefined>;
}

export interface TaskLookup {
  /** Tasks of the service that stopped in the last hour. Throws {@link OpsAgentError}. */
  tasks(
    target: Target,
    options?: { readonly signal?: AbortSignal },
  ): Promise<{ readonly stopped: readonly TaskReading[] }>;
}
