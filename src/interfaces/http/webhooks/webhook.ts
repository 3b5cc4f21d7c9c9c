/** What all webhooks share: the body read within bounds, the event kept before the answer, everything counted. */
import type { Context } from "hono";
import type { Logger } from "../../../domain/ports.ts";
import type { EventSender } from "../../../domain/sender-scope.ts";
import { ENCODED, isEncoded, OUT_OF_SCOPE, type Refusal, type RefusalStatus, refusal } from "../client.ts";
import type { TakeEvent } from "../take-event.ts";
import type { RateLimit } from "../traffic/rate-limit.ts";
import { readBody } from "../traffic/read-body.ts";
import type { ReadingSlots } from "../traffic/reading-slots.ts";

/** What became of one request; the label of a metric, so that the list is closed. */
export type WebhookResult =
  | "accepted"
  | "confirmed"
  | "repeated"
  | "unauthorized"
  | "forged"
  | "wrong-topic"
  | "wrong-host"
  | "too-old"
  | "too-large"
  | "too-slow"
  | "unreadable"
  | "out-of-scope"
  | "rate-limited"
  | "busy"
  | "failed";

export interface WebhookDependencies {
  readonly handle: TakeEvent;
  readonly logger: Logger;
  readonly now: () => Date;
  /** Counts what became of a request to a webhook, and how many seconds the answer took. */
  readonly count: (webhook: string, result: WebhookResult, seconds: number) => void;
  /** Requests of one known client. */
  readonly clients: RateLimit;
  /** Requests whose bodies are read and kept at the same time. */
  readonly slots: ReadingSlots;
}

/** SNS and EventBridge allow 256 KB; as a string inside an envelope that can grow to twice as much. */
export const MAX_BODY_BYTES = 1_024 * 1_024;

/** A sender's whole body has to be here by then. */
export const BODY_WITHIN_MS = 10_000;

/** An answer with what it counts as. */
export interface Answered {
  readonly result: WebhookResult;
  readonly response: Response;
}

/** Refuses, and logs why. The answer says less than the log: whoever forges should learn nothing. */
export function refused(
  c: Context,
  logger: Logger,
  why: {
    readonly result: WebhookResult;
    readonly status: RefusalStatus;
    readonly reason: string;
  } & Partial<Refusal>,
): Answered {
  const { result, status, reason, code, message, remedy } = why;
  logger.warn("http-refused", { path: c.req.path, reason });
  const words = {
    code: code ?? result,
    message: message ?? "The request was refused.",
    remedy: remedy ?? "OpsAgent's log has the reason; docs/how-to/alarm-webhooks.md has the set-up.",
  };
  if (status === 429 || status === 503) c.header("retry-after", "1");
  return { result, response: refusal(c, status, words) };
}

/** The body as bytes, or the refusal. Holds a slot while it reads and while `then` works. */
export async function withBody(
  c: Context,
  deps: WebhookDependencies,
  then: (body: Buffer) => Promise<Answered>,
): Promise<Answered> {
  const busy = (reason: string): Answered =>
    refused(c, deps.logger, {
      result: "busy",
      status: 503,
      reason,
      message: "OpsAgent is taking in as many events as it can.",
      remedy: "Send it again in a moment.",
    });
  if (isEncoded(c)) {
    const reason = "the body is compressed";
    return refused(c, deps.logger, { ...ENCODED, result: "unreadable", status: 415, reason });
  }
  const length = c.req.header("content-length");
  const slot = deps.slots.take(length === undefined ? undefined : Number(length));
  if (slot === undefined) return busy("too many requests at the same time");
  try {
    const body = await readBody(c.req.raw, {
      maxBytes: MAX_BODY_BYTES,
      withinMs: BODY_WITHIN_MS,
      cutOff: slot.cutOff,
    });
    slot.read();
    if (body.ok) return await then(body.bytes);
    if (body.reason === "cut-off") {
      c.header("connection", "close");
      return busy("a slow body made room for another request");
    }
    if (body.reason === "too-large") {
      return refused(c, deps.logger, {
        result: "too-large",
        status: 413,
        reason: "the body is too large",
        message: `The body is larger than ${MAX_BODY_BYTES / 1_024} KB.`,
        remedy: "Send fewer alerts in one notification.",
      });
    }
    c.header("connection", "close");
    return refused(c, deps.logger, {
      result: "too-slow",
      status: 408,
      reason: `the body did not arrive: ${body.reason}`,
      message: "The body did not arrive in time.",
      remedy: "Send it at once.",
    });
  } finally {
    slot.free();
  }
}

/**
 * Keeps the event; 202 means that it cannot be lost any more. What its sender may not speak about is left out, counted,
 * and refused with 403 where nothing else is left.
 */
export async function accepted(
  c: Context,
  deps: WebhookDependencies,
  event: string,
  sender: EventSender,
): Promise<Answered> {
  const { incidents, outOfScope = 0 } = await deps.handle(event, sender);
  if (outOfScope === 0) return { result: "accepted", response: c.json({ incidents }, 202) };
  if (incidents.length === 0) {
    const reason = `${sender.name} may not speak about this`;
    return refused(c, deps.logger, { ...OUT_OF_SCOPE, result: "out-of-scope", status: 403, reason });
  }
  deps.count(sender.address, "out-of-scope", 0);
  return { result: "accepted", response: c.json({ incidents, outOfScope }, 202) };
}

/** Counts whatever comes of `work`, faults too, which go on to the application's handler. */
export async function counted(
  webhook: string,
  deps: WebhookDependencies,
  work: () => Promise<Answered>,
): Promise<Response> {
  const began = performance.now();
  const count = (result: WebhookResult) => deps.count(webhook, result, (performance.now() - began) / 1_000);
  try {
    const { result, response } = await work();
    count(result);
    return response;
  } catch (fault) {
    count("failed");
    throw fault;
  }
}
