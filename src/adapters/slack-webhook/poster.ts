import { setTimeout as wait } from "node:timers/promises";
import type { FetchFunction } from "@slack/webhook";
import { OpsAgentError } from "../../domain/errors.ts";
import { valueFor } from "../../domain/exit.ts";
import { hideSecret } from "./hide-secret.ts";
import type { Message } from "./post-once.ts";
import { waitBefore } from "./retry.ts";

export interface PosterOptions {
  /** The webhook's address, a secret: no error contains it. */
  readonly url: string;
  readonly fetch?: FetchFunction;
  /** Waits that many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** The most posts, the first one included. */
  readonly maxAttempts?: number;
  /** Milliseconds for one post. */
  readonly timeoutMs?: number;
  /** Milliseconds for all waits together; a longer Retry-After gives up at once. */
  readonly maxWaitMs?: number;
}

/**
 * Creates a function that posts to one incoming webhook. Retries 429 (after Retry-After), 5xx and network faults,
 * each a bounded number of times; other answers are final. A post whose answer was lost is repeated, so a message can
 * appear twice. The function throws {@link OpsAgentError} `slack-failed`; this one `config-invalid` without an
 * address.
 */
export function createPoster(options: PosterOptions): (message: Message) => Promise<void> {
  const { sleep = wait, maxAttempts = 4, timeoutMs = 10_000, maxWaitMs = 60_000 } = options;
  const url = checkedUrl(options.url);
  return async (message) => {
    const { postOnce } = await import("./post-once.ts");
    let waited = 0;
    for (let attempt = 1; ; attempt++) {
      const result = await postOnce(valueFor("person", message), {
        url,
        send: options.fetch ?? fetch,
        timeoutMs,
      });
      if (result.sent) return;
      const pause = waitBefore(attempt, result.retryAfterMs);
      const giveUp = !result.retryable || attempt >= maxAttempts || waited + pause > maxWaitMs;
      if (giveUp) {
        throw new OpsAgentError({
          code: "slack-failed",
          message: hideSecret(`Slack did not take the message (${tries(attempt)}): ${result.reason}`, url),
          remedy: result.remedy,
          retryable: result.retryable,
        });
      }
      await sleep(pause);
      waited += pause;
    }
  };
}

function tries(count: number): string {
  return count === 1 ? "1 try" : `${count} tries`;
}

function checkedUrl(url: string): string {
  const parsed = URL.parse(url.trim());
  if (parsed && (parsed.protocol === "https:" || parsed.protocol === "http:")) return parsed.href;
  throw new OpsAgentError({
    code: "config-invalid",
    message: "SLACK_WEBHOOK_URL is not an http(s) address.",
    remedy: "Copy the whole address from the Slack app's Incoming Webhooks page.",
  });
}
