import { setTimeout as wait } from "node:timers/promises";

/** Slack accepts about one message a second for a channel: https://docs.slack.dev/apis/web-api/rate-limits */
const GAP_MS = 1_000;

export interface OutboxOptions {
  /** Milliseconds from the end of one call to the start of the next. */
  readonly gapMs?: number;
  /** Waits that many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds of a monotonic clock. */
  readonly clock?: () => number;
}

export interface Outbox {
  /**
   * Sends in order, one at a time and rate limited; a call that waits for Retry-After delays the others. A newer call
   * replaces a waiting one of the same topic: both callers get the result of the newer.
   */
  put<T>(send: () => Promise<T>, topic?: string): Promise<T | undefined>;
}

interface Waiting {
  topic: string | undefined;
  send: () => Promise<unknown>;
  readonly done: PromiseWithResolvers<unknown>;
}

/** Creates the queue of one channel. */
export function createOutbox(options: OutboxOptions = {}): Outbox {
  const { gapMs = GAP_MS, sleep = wait, clock = () => performance.now() } = options;
  const queue: Waiting[] = [];
  let working = false;
  let lastEnd = Number.NEGATIVE_INFINITY;

  const work = async (): Promise<void> => {
    working = true;
    while (queue.length > 0) {
      const pause = lastEnd + gapMs - clock();
      if (pause > 0) await sleep(Math.ceil(pause));
      const next = queue.shift();
      if (next === undefined) break;
      await next.send().then(next.done.resolve, next.done.reject);
      lastEnd = clock();
    }
    working = false;
  };

  return {
    async put<T>(send: () => Promise<T>, topic?: string) {
      const waiting = topic === undefined ? undefined : queue.find((one) => one.topic === topic);
      if (waiting !== undefined) {
        waiting.send = send;
        await waiting.done.promise;
        return undefined;
      }
      const entry: Waiting = { topic, send, done: Promise.withResolvers() };
      queue.push(entry);
      if (!working) void work();
      return (await entry.done.promise) as T;
    },
  };
}
