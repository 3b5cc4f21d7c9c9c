import { setTimeout as sleep } from "node:timers/promises";
import { OpsAgentError } from "../../domain/errors.ts";

/** Tries of one decision while others keep winning, and how long it waits between them, in milliseconds. */
const TRIES = 60;
const FIRST_WAIT_MS = 10;
const LONGEST_WAIT_MS = 400;

/**
 * Tries until it is decided. Waits at random, longer each time, so that rivals get out of each other's way
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, full jitter). Throws `store-failed`,
 * retryable, when it lost every time: some ten seconds.
 */
export async function untilDecided<T>(
  doing: string,
  attempt: () => Promise<{ readonly decided: T } | "lost">,
): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const result = await attempt();
    if (result !== "lost") return result.decided;
    await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries));
  }
  throw new OpsAgentError({
    code: "store-failed",
    message: `The store could not ${doing}: others kept writing first.`,
    remedy: "Many processes do the same at this moment: try again.",
    retryable: true,
  });
}

/** Lets the work of one name in this process wait in line, so that only processes compete, not their parts. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const before = last.get(name);
    const mine = before === undefined ? work() : before.then(work, work);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
