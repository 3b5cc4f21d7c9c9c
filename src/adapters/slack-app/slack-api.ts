import { setTimeout as wait } from "node:timers/promises";
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import { OpsAgentError } from "../../domain/errors.ts";
import type { ValueFor } from "../../domain/exit.ts";
import { type Attempt, type Failed, readFailure, type SeenResponse } from "./attempt.ts";

export interface SlackApiOptions {
  /** The bot's token, a secret: no error contains it. */
  readonly token: string;
  /** Another address than Slack's own, with a slash at its end. */
  readonly apiUrl?: string;
  /** Waits that many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** The most calls, the first one included. */
  readonly maxAttempts?: number;
  /** Milliseconds for one call. */
  readonly timeoutMs?: number;
  /** Milliseconds for all waits together; a longer Retry-After gives up at once. */
  readonly maxWaitMs?: number;
}

/** The posted message; both fields are needed to change it later. */
export type Sent = { readonly channel: string | undefined; readonly ts: string | undefined };

export type Called = (Sent & { readonly ok: true }) | { readonly ok: false; readonly word: string };

export interface SlackApi {
  /**
   * Calls one method. Answers listed in `expected` are returned; every other failure is thrown as {@link
   * OpsAgentError} `slack-failed` once the tries are used up.
   */
  call(
    method: "chat.postMessage" | "chat.update",
    body: ValueFor<"person", Record<string, unknown>>,
    expected?: ReadonlySet<string>,
  ): Promise<Called>;
  /**
   * Returns the newest messages of a channel since then (epoch seconds), with their metadata. Throws `slack-failed`.
   */
  history(channel: string, since: number): Promise<readonly PostedMessage[]>;
}

/** The fields of a message in `conversations.history` that are used. */
const PostedMessage = z.object({
  ts: z.string(),
  metadata: z
    .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
    .nullish()
    .catch(undefined),
});
export type PostedMessage = z.infer<typeof PostedMessage>;

/** The most messages that are searched. */
const HISTORY = 100;

const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Creates a client of Slack's Web API with bounded retries: 429 after Retry-After, 5xx, Slack's temporary errors and
 * network faults. A call whose answer was lost is repeated, so a message can appear twice.
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

  /** One call at a time, as Slack's limit for a channel needs it; it also keeps each answer with its call. */
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

/** Loads the library on first use: most runs of the command line and Lambda never need it. */
export async function connect({ token, apiUrl, timeoutMs = 10_000 }: SlackApiOptions) {
  // The library is CommonJS: a bundle has its names under `default` only, Node also there.
  const { default: slack } = await import("@slack/web-api");
  let seen: SeenResponse | undefined;
  const client = new slack.WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    // The library would retry for half an hour, and wait for Retry-After silently.
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // It writes to the console, without our log and its redaction.
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
