/** Tracks which step bodies of one invocation are running, and can hold back new ones. */
import type { DurableInstrumentationPlugin } from "@aws/durable-execution-sdk-js";

export type Bodies = {
  /** The hooks by which the SDK reports each body. */
  plugin: DurableInstrumentationPlugin;
  /** Says that a step's START is stored: its body will run, even while draining. */
  started(operationId: string): void;
  /** True if the body began before its START was stored, as at-least-once steps do. */
  hasBegun(operationId: string): boolean;
  /** Counts other work, a checkpoint being written, as if it were a body. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** From now on only bodies whose START is stored begin. */
  drain(): void;
  readonly draining: boolean;
  /** True if nothing runs or is about to. */
  readonly idle: boolean;
  /** Resolves once idle. */
  untilIdle(): Promise<void>;
};

/**
 * Needed for two reasons. A body that outlives its invocation (after a failed checkpoint, say) must end before the
 * execution is replayed in this process, or the replay would treat a running at-most-once step as interrupted. And a
 * graceful stop must not store the START of a step whose body it holds back.
 */
export function createBodies(): Bodies {
  const expected = new Set<string>();
  const begunEarly = new Set<string>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let draining = false;
  const isIdle = () => running === 0 && expected.size === 0;

  async function during<T>(work: () => T | Promise<T>): Promise<T> {
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (isIdle()) for (const resolve of waiting.splice(0)) resolve();
    }
  }

  function run(operationId: string, body: () => unknown): Promise<unknown> {
    if (!expected.delete(operationId)) {
      if (draining) return new Promise(() => {});
      begunEarly.add(operationId);
    }
    return during(body);
  }

  return {
    plugin: { wrapOperationAttemptFn: (attempt, body) => run(attempt.id, body) },
    started: (operationId) => {
      if (!begunEarly.delete(operationId)) expected.add(operationId);
    },
    hasBegun: (operationId) => begunEarly.has(operationId),
    during,
    drain: () => {
      draining = true;
    },
    get draining() {
      return draining;
    },
    get idle() {
      return isIdle();
    },
    untilIdle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  };
}
