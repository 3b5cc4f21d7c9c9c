/** Promises of callers that wait for executions to end. */

export type Waiters = {
  /** Resolves when `notify` is called for the name, rejects on abort or `rejectAll`. */
  wait(name: string, signal: AbortSignal | undefined): Promise<void>;
  notify(name: string): void;
  rejectAll(error: Error): void;
  names(): string[];
};

type Waiter = { resolve: () => void; reject: (error: unknown) => void };

export function createWaiters(): Waiters {
  const waiting = new Map<string, Set<Waiter>>();

  function remove(name: string, waiter: Waiter): void {
    const group = waiting.get(name);
    group?.delete(waiter);
    if (group?.size === 0) waiting.delete(name);
  }

  return {
    wait(name, signal) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const waiter = { resolve, reject };
      const group = waiting.get(name) ?? new Set();
      waiting.set(name, group.add(waiter));
      const abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      return promise.finally(() => {
        remove(name, waiter);
        signal?.removeEventListener("abort", abort);
      });
    },

    notify(name) {
      for (const { resolve } of waiting.get(name) ?? []) resolve();
    },

    rejectAll(error) {
      for (const group of waiting.values()) for (const { reject } of group) reject(error);
    },

    names: () => [...waiting.keys()],
  };
}
