/** What every sender of events gives: how its events look, and what they say. One folder below `senders/` for each. */
import type { Alert } from "../domain/alert.ts";
import type { Parsed, Unreadable } from "./parse.ts";
import type { TriggerContext } from "./target-resolution.ts";

/** An event that was understood and that asks for nothing: recorded, not acted on. */
export interface Noted {
  readonly path: string;
  /** One sentence. */
  readonly what: string;
}

/** What one part of an event came to. */
export type Reading =
  | { readonly kind: "alert"; readonly alert: Alert }
  | { readonly kind: "noted"; readonly noted: Noted }
  | { readonly kind: "unreadable"; readonly problem: Unreadable };

/** An event as its sender sends it, with what it comes to. For the reference and for tests. */
export interface Example {
  readonly title: string;
  readonly event: unknown;
}

export interface Sender {
  /** As it stands in the reference. */
  readonly title: string;
  /** Whether an object is this sender's, by the least that tells it from the others. */
  recognises(event: Readonly<Record<string, unknown>>): boolean;
  /** Reads it; `at` is the path under which it stands in the whole event. Several alerts in it are several readings. */
  read(event: unknown, context: TriggerContext, at: string): readonly Reading[];
  readonly examples: readonly Example[];
}

/** A parsed alert, or the problem that it has. */
export function readingOf(parsed: Parsed<Alert>): Reading {
  return parsed.ok ? { kind: "alert", alert: parsed.value } : { kind: "unreadable", problem: parsed.problem };
}

export function unreadable(path: string, message: string): Reading {
  return { kind: "unreadable", problem: { path: path || "(event)", message } };
}

export function noted(path: string, what: string): Reading {
  return { kind: "noted", noted: { path: path || "(event)", what } };
}
