import { setTimeout as wait } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { OpsAgentError } from "../../domain/errors.ts";
import { type Attempt, type Failed, readFailure, type SeenResponse } from "./attempt.ts";

export interface SlackApiOptions {
  /** The bot's token: a secret, it never appears in an error. */
  readonly token: string;
  /** Another address than Slack's own, with a slash at its end. */
  readonly apiUrl?: string;
  /** Waits that many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Calls at the most, the first one included. */
  readonly maxAttempts?: number;
  /** Milliseconds for one call. */
  readonly timeoutMs?: number;
  /** Milliseconds that all waits together may take; a longer Retry-After gives up at once. */
  readonly maxWaitMs?: number;
}

/** Where a message ended up; both are needed to change it later. */
export type Sent = { readonly channel: string | undefined; readonly ts: string | undefined };

export type Called = (Sent & { readonly ok: true }) | { readonly ok: false; readonly word: string };

export interface SlackApi {
  /**
   * Calls one method. Answers that `expected` lists come back as values; every other failure is thrown as
   * {@link OpsAgentError} `slack-failed` once the tries are used up.
   */
  call(
    method: "chat.postMessage" | "chat.update",
    body: Record<string, unknown>,
    expected?: ReadonlySet<string>,
  ): Promise<Called>;
  /** The newest messages of a channel since then (epoch seconds), with what apps attached to them. Throws `slack-failed`. */
  history(channel: string, since: number): Promise<readonly PostedMessage[]>;
}

/** Of a message in `conversations.history` what is used. */
const PostedMessage = z.object({
  ts: z.string(),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .nullish()
    .catch(undefined),
});
export type PostedMessage = z.infer<typeof PostedMessage>;

/** Messages that are looked through at the most. */
const HISTORY = 100;

const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Slack's Web API with bounded tries: 429 after Retry-After, 5xx, Slack's own passing faults and network faults are
 * repeated. A call whose answer was lost is repeated, so a message can appear twice.
 */
export function createSlackApi(options: SlackApiOptions): SlackApi {
  const { sleep = wait, maxAttempts = 4, maxWaitMs = 60_000 } = options;
  let connected: Promise<{ client: WebClient; lastResponse: () => SeenResponse | undefined }> | undefined;

  const attempt = async (method: string, body: Record<string, unknown>): Promise<Attempt> => {
    connected ??= connect(options);
    const { client, lastResponse } = await connected;
    try {
      const result = await client.apiCall(method, body);
      return { sent: true, channel: stringOf(result, "channel"), ts: stringOf(result, "ts") };
    } catch (error) {
      return readFailure(error, lastResponse());
    }
  };

  /** One call at a time, as Slack's limit for a channel wants it; it also keeps each answer beside its call. */
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work);
    queue = turn.catch(() => {});
    return turn;
  };

  return {
    async history(channel, since) {
      connected ??= connect(options);
      const { client } = await connected;
      try {
        const result = await inTurn(() =>
          client.apiCall("conversations.history", {
            channel,
            oldest: String(since),
            limit: HISTORY,
            include_all_metadata: true,
          }),
        );
        return z.object({ messages: z.array(PostedMessage) }).parse(result).messages;
      } catch (error) {
        throw failure(readFailure(error, undefined), 1, options.token);
      }
    },
    async call(method, body, expected) {
      let waited = 0;
      for (let tries = 1; ; tries++) {
        const result = await inTurn(() => attempt(method, body));
        if (result.sent) return { ok: true, channel: result.channel, ts: result.ts };
        if (result.word !== undefined && expected?.has(result.word)) return { ok: false, word: result.word };
        const pause = result.retryAfterMs ?? Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
        if (!result.retryable || tries >= maxAttempts || waited + pause > maxWaitMs) {
          throw failure(result, tries, options.token);
        }
        await sleep(pause);
        waited += pause;
      }
    },
  };
}

/** Loads the library when it is first needed: most runs of the command line and the Lambda never do. */
export async function connect({ token, apiUrl, timeoutMs = 10_000 }: SlackApiOptions) {
  // The library is CommonJS: a bundle has its names under `default` only, Node has them there too.
  const { default: slack } = await import("@slack/web-api");
  let seen: SeenResponse | undefined;
  const client = new slack.WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    // The library would try for half an hour, and sleep through Retry-After in silence.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // It writes to the console, past our log and its redaction.
    logLevel: slack.LogLevel.ERROR,
    allowAbsoluteUrls: false,
    fetch: async (url, init) => {
      seen = undefined;
      const response = await fetch(url, init as RequestInit);
      seen = { status: response.status, retryAfter: response.headers.get("retry-after") };
      return response;
    },
  });
  return { client, lastResponse: () => seen };
}

function failure({ reason, remedy, retryable }: Failed, tries: number, token: string): OpsAgentError {
  const message = `Slack did not take the message (${tries === 1 ? "1 try" : `${tries} tries`}): ${reason}`;
  return new OpsAgentError({
    code: "slack-failed",
    message: message.replaceAll(token, "[bot token]"),
    remedy,
    retryable,
  });
}

function stringOf(result: object, key: string): string | undefined {
  const value: unknown = Object.entries(result).find(([name]) => name === key)?.[1];
  return typeof value === "string" ? value : undefined;
}
