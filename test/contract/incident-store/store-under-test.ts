import type { OpsAgentError } from "../../../src/domain/errors.ts";
import type { IncidentStore } from "../../../src/domain/ports.ts";
import type { StoreCall } from "./store-process.ts";

export interface NewerEvent {
  readonly incidentId: string;
  readonly key: string;
  readonly kind: string;
  readonly at: string;
  readonly [field: string]: unknown;
}

/** A store with what a test needs to look behind it. One is made, empty, for each test. */
export interface StoreUnderTest {
  readonly store: IncidentStore;
  /** A second store over the same data, as another process or a later start would open it. */
  reopen(): Promise<IncidentStore>;
  /** Makes the stored record of an incident unreadable, and what lists show of it. */
  damage(incidentId: string): Promise<void>;
  /** Makes the stored text of an event unreadable. */
  damageEvent(incidentId: string, key: string): Promise<void>;
  /** Writes an event and its entry as another version of OpsAgent would that knows this kind and these fields. */
  appendAsNewer(event: NewerEvent): Promise<void>;
  /** Problems that `list` reported. */
  readonly reported: readonly OpsAgentError[];
  /** Everything that is stored, as one text. */
  dump(): Promise<string>;
  /**
   * Makes each list of calls, in order, in a process of its own, all beginning at once. Answers the results of each
   * process (`undefined` becomes null). Rejects when a call of any process threw.
   */
  inProcesses(work: readonly (readonly StoreCall[])[]): Promise<readonly (readonly unknown[])[]>;
  dispose(): Promise<void>;
}

const start = Date.parse("2026-11-23T07:00:00.000Z");

/** ISO time, `minutes` after the start of every test's story. */
export const minute = (minutes: number): string => new Date(start + minutes * 60_000).toISOString();

export const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
