/** Event -> Alert. One event may hold several alerts; an unreadable one is returned, never dropped. */
import type { Alert } from "../domain/alert.ts";
import { parseJson, type Unreadable } from "./parse.ts";
import { type Noted, type Reading, type Sender, type TaskStop, unreadable } from "./sender.ts";
import { ALERTING, SENDERS } from "./senders/index.ts";
import type { TriggerContext } from "./target-resolution.ts";

export type { Unreadable } from "./parse.ts";
export type { Noted, TaskStop } from "./sender.ts";
export type { TriggerContext } from "./target-resolution.ts";

export interface TriggerResult {
  readonly alerts: readonly Alert[];
  /** Tasks that ended badly; the rate at which they do decides what becomes of them. */
  readonly stops: readonly TaskStop[];
  /** Parts that were understood and need no action. */
  readonly noted: readonly Noted[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads one event of any known sender: text or parsed JSON. docs/reference/events.md shows what is accepted. Never
 * throws.
 */
export function readEvent(event: unknown, context: TriggerContext): TriggerResult {
  const readings = readAny(event, context);
  return {
    alerts: readings.flatMap((one) => (one.kind === "alert" ? [one.alert] : [])),
    stops: readings.flatMap((one) => (one.kind === "stop" ? [one.stop] : [])),
    noted: readings.flatMap((one) => (one.kind === "noted" ? [one.noted] : [])),
    unreadable: readings.flatMap((one) => (one.kind === "unreadable" ? [one.problem] : [])),
  };
}

/** The sender whose form an object has, by the fewest fields that tell it. */
export function senderOf(event: object): Sender | undefined {
  return SENDERS.find((one) => one.recognises(event as Record<string, unknown>));
}

function readAny(event: unknown, context: TriggerContext): readonly Reading[] {
  if (typeof event === "string") {
    const parsed = parseJson(event, "");
    if (!parsed.ok) return [{ kind: "unreadable", problem: parsed.problem }];
    // No sender sends JSON text within JSON text.
    return typeof parsed.value === "string" ? [unknownSender()] : readAny(parsed.value, context);
  }
  if (isBatch(event)) return readAny({ Records: event }, context);
  if (typeof event !== "object" || event === null || Array.isArray(event)) return [unknownSender()];
  const sender = senderOf(event);
  return sender === undefined ? [unknownSender()] : sender.read(event, context, "");
}

/**
 * Whether it is a queue's records without a frame, as EventBridge Pipes gives them to a function.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
export function isBatch(event: unknown): event is readonly object[] {
  return (
    Array.isArray(event) &&
    event.length > 0 &&
    event.every((one) => typeof one === "object" && one !== null && typeof one.body === "string")
  );
}

function unknownSender(): Reading {
  return unreadable(
    "(event)",
    `of no sender that OpsAgent knows: ${ALERTING.map(({ title }) => title).join("; ")}`,
  );
}
