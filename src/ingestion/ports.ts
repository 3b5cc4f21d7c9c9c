/** What ingestion asks AWS: which service an alarm is about that stands for others. */
import type { AlarmContributorReading, AlarmReading } from "../domain/reading.ts";

export interface AlarmLookup {
  /** Undefined where AWS has no such alarm. Throws {@link OpsAgentError}. */
  alarm(name: string, options?: { readonly signal?: AbortSignal }): Promise<AlarmReading | undefined>;
  /** The series of an alarm on many that are in ALARM; undefined for an alarm that has none. Throws as `alarm`. */
  contributors(
    name: string,
    options?: { readonly signal?: AbortSignal },
  ): Promise<readonly AlarmContributorReading[] | undefined>;
}
