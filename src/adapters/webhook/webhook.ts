import { setTimeout as wait } from "node:timers/promises";
import { OpsAgentError } from "../../domain/errors.ts";
import { jsonFor, type TextFor } from "../../domain/exit.ts";
import type { StatusUpdate, Subscriber } from "../../notification/ports.ts";
import { signedHeaders } from "./standard-webhooks.ts";

export interface WebhookOptions {
  /** https, or loopback. It can hold a secret, so no error contains it. */
  readonly url: string;
  readonly secret: string;
  readonly render: (update: StatusUpdate) => { readonly id: string } | Promise<{ readonly id: string }>;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  readonly now?: () => number;
  /** The most posts, the first one included. */
  readonly maxAttempts?: number;
  /** Milliseconds for one post. */
  readonly timeoutMs?: number;
  /** Milliseconds for all waits together; a longer Retry-After gives up at once. */
  readonly maxWaitMs?: number;
}

/**
 * Posts each status update, signed. 2xx is success; 408, 429 (after Retry-After), 5xx and network faults are retried
 * a bounded number of times, under the same id. `update` throws `webhook-failed`.
 */
export function createWebhook(options: WebhookOptions): Subscriber {
  const { url, secret, render, sleep = wait, now = Date.now } = options;
  const { maxAttempts = 4, timeoutMs = 10_000, maxWaitMs = 60_000 } = options;

  const post = async (id: string, body: TextFor<"person">): Promise<Failed | undefined> => {
    const timestamp = Math.floor(now() / 1_000);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...signedHeaders(secret, { id, timestamp, body }) },
        body,
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      const { status } = response;
      const asked = response.headers.get("retry-after") ?? "";
      const retryAfterMs = /^\d{1,6}$/.test(asked) ? Number(asked) * 1_000 : undefined;
      const retryable = status === 408 || status === 429 || status >= 500;
      return { reason: `HTTP ${status}`, retryable, retryAfterMs };
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      return { reason: late ? "no answer in time" : "it cannot be reached", retryable: true };
    }
  };

  return {
    name: "webhook",
    needsEvery: true,
    async update(update) {
      const event = await render(update);
      const body = jsonFor("person", event);
      let waited = 0;
      for (let tries = 1; ; tries++) {
        const failed = await post(event.id, body);
        if (failed === undefined) return;
        const pause = failed.retryAfterMs ?? Math.min(8_000, 500 * 2 ** (tries - 1));
        if (!failed.retryable || tries >= maxAttempts || waited + pause > maxWaitMs) {
          throw new OpsAgentError({
            code: "webhook-failed",
            message: `The webhook did not take the event (tries: ${tries}): ${failed.reason}`,
            remedy: "Check the receiver at OPSAGENT_WEBHOOK_URL; the incident itself is in the store.",
            retryable: failed.retryable,
          });
        }
        await sleep(pause);
        waited += pause;
      }
    },
  };
}

interface Failed {
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number | undefined;
}
