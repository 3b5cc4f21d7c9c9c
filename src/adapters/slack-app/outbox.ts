import { setTimeout as wait } from "node:timers/promises";

/** Slack takes about one message a second for a channel: https://docs.slack.dev/apis/web-api/rate-limits */
const GAP_MS = 1_000;

export interface OutboxOptions {
  /** Milliseconds from one sending's end to the next one's beginning. */
  readonly gapMs?: number;
  /** Waits that many milliseconds. */
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  /** Milliseconds of a clock that never runs back. */
  readonly clock?: () => number;
}

export interface Outbox {
  /**
   * Sends in its turn, one at a time and not too fast; a sending that waits out a Retry-After holds the others back, too.
   * Where one with the same topic still waits for its turn, the newer takes its place: the last state wins, and both
   * callers learn what became of it.
   */
  put<T>(send: () => Promise<T>, topic?: string): Promise<T | undefined>;
}

interface Waiting {
  topic: string | undefined;
  send: () => Promise<unknown>;
  readonly done: PromiseWithResolvers<unknown>;
}

/** A queue for one channel. */
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
