/** The engine's timer, which dispatches work. */
import { toError } from "./errors.ts";

/** Milliseconds after a dispatch that failed: the database could not be read. */
const FAILED_LOOK_PAUSE_MS = 500;

export type Loop = {
  /** Starts the loop, or dispatches at once if it runs. */
  wake(): void;
  stop(): void;
};

/**
 * Calls `look` repeatedly, no later than it asks for. The timer keeps the process alive only while `look` has
 * something to wait for.
 */
export function createLoop(
  look: () => { nextLookMs: number; keepAlive: boolean },
  onError: (error: Error) => void,
): Loop {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function turn(): void {
    try {
      const { nextLookMs, keepAlive } = look();
      schedule(nextLookMs, keepAlive);
    } catch (error) {
      schedule(FAILED_LOOK_PAUSE_MS, true);
      onError(toError(error));
    }
  }

  function schedule(delayMs: number, keepAlive: boolean): void {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(turn, delayMs);
    if (!keepAlive) timer.unref();
  }

  return {
    wake: () => schedule(0, true),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
