/** Messages that were taken, for as long as their age would let them in again. */

const MOST_KEPT = 100_000;

export function createSeenMessages(keptMs: number, now: () => Date) {
  /** What comes of a message, and until when that is remembered; oldest first. */
  const seen = new Map<string, { readonly taken: Promise<boolean>; readonly until: number }>();
  return {
    /**
     * Runs `work` for a message the first time. While that goes on, the same message waits for how it ends: only if it
     * was taken is the second one a repetition, else it gets its own try. A process that starts anew knows nothing of
     * this; there, that a state change counts once in the store is what holds.
     */
    async once<T>(id: string, work: () => Promise<T>, repeated: () => T): Promise<T> {
      const before = seen.get(id);
      if (before !== undefined && (await before.taken)) return repeated();
      const at = now().getTime();
      for (const [old, { until }] of seen) {
        if (until > at && seen.size < MOST_KEPT) break;
        seen.delete(old);
      }
      const result = work();
      const taken = result.then(
        () => true,
        () => {
          seen.delete(id);
          return false;
        },
      );
      seen.set(id, { taken, until: at + keptMs });
      return result;
    },
  };
}
