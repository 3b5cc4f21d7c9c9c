/** What each sender of events implements. One folder below `senders/` for each. */
import type { Alert } from "../domain/alert.ts";
import type { Parsed, Unreadable } from "./parse.ts";
import type { TriggerContext } from "./target-resolution.ts";

/** An event that was understood and needs no action: recorded only. */
export interface Noted {
  readonly path: string;
  /** One sentence. */
  readonly what: string;
}

/** A task that ended badly: an alert from a certain rate on, and noted below it. */
export interface TaskStop {
  readonly alert: Alert;
  readonly noted: Noted;
  /** Which of the policy's rates counts. */
  readonly rate: "outOfMemory" | "crashes";
  readonly taskArn: string | undefined;
}

/** The reading of one part of an event. */
export type Reading =
  | { readonly kind: "alert"; readonly alert: Alert }
  | { readonly kind: "noted"; readonly noted: Noted }
  | { readonly kind: "stop"; readonly stop: TaskStop }
  | { readonly kind: "unreadable"; readonly problem: Unreadable };

/** An event as its sender sends it, with its reading. For the reference and for tests. */
export interface Example {
  readonly title: string;
  readonly event: unknown;
}

export interface Sender {
  /** The title in the reference. */
  readonly title: string;
  /** Whether an object is this sender's, by the fewest fields that distinguish it from the others. */
  recognises(event: Readonly<Record<string, unknown>>): boolean;
  /** Reads an event; `at` is its path within the whole event. Several alerts are several readings. */
  read(event: unknown, context: TriggerContext, at: string): readonly Reading[];
  readonly examples: readonly Example[];
}

/** Returns the reading of a parsed alert, or its problem. */
export function readingOf(parsed: Parsed<Alert>): Reading {
  return parsed.ok ? { kind: "alert", alert: parsed.value } : { kind: "unreadable", problem: parsed.problem };
}

export function unreadable(path: string, message: string): Reading {
  return { kind: "unreadable", problem: { path: path || "(event)", message } };
}

export function noted(path: string, what: string): Reading {
  return { kind: "noted", noted: { path: path || "(event)", what } };
}
