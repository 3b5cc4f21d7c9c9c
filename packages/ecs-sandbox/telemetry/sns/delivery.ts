import { setTimeout as sleep } from "node:timers/promises";

/** One POST that must reach its receiver. */
export interface Delivery {
  /** Asked at every attempt, because a function may be registered or move between attempts. */
  readonly url: () => string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The receiver's time limit, and how long SNS keeps trying. */
  readonly attemptTimeoutMilliseconds: number;
  readonly giveUpAfterMilliseconds: number;
}

/** Delivers at least once: an answer that comes too late is followed by another attempt. */
export interface DeliveryQueue {
  send(delivery: Delivery): void;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Abandons running deliveries and resolves when they have ended. */
  stop(): Promise<void>;
}

/** Waits between attempts: doubling from `firstMilliseconds`, at most `longestMilliseconds`. */
export interface BackOff {
  readonly firstMilliseconds: number;
  readonly longestMilliseconds: number;
}

const DEFAULT_BACK_OFF: BackOff = { firstMilliseconds: 200, longestMilliseconds: 20_000 };

/** Creates a queue. Deliveries are independent: a receiver that is down holds up no other. */
export function createDeliveryQueue(backOff: BackOff = DEFAULT_BACK_OFF): DeliveryQueue {
  const abort = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    send(delivery) {
      if (abort.signal.aborted) return;
      const run = deliver(delivery, backOff, abort.signal).finally(() => underWay.delete(run));
      underWay.add(run);
    },
    idle,
    async stop() {
      abort.abort();
      await idle();
    },
  };
}

async function deliver(delivery: Delivery, backOff: BackOff, signal: AbortSignal): Promise<void> {
  const giveUpAt = performance.now() + delivery.giveUpAfterMilliseconds;
  let wait = backOff.firstMilliseconds;
  while (!signal.aborted && performance.now() < giveUpAt) {
    if (await attempt(delivery, signal)) return;
    await sleep(wait, undefined, { signal }).catch(() => undefined);
    wait = Math.min(wait * 2, backOff.longestMilliseconds);
  }
}

/** True when the receiver answered 2xx in time. */
async function attempt(delivery: Delivery, signal: AbortSignal): Promise<boolean> {
  const url = delivery.url();
  if (url === undefined) return false;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: delivery.headers,
      body: delivery.body,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(delivery.attemptTimeoutMilliseconds)]),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    // Refused, reset or timed out: all of them are a reason to try again, which the caller does.
    return false;
  }
}
