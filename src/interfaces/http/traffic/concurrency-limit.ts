/** A bound on what goes on at the same time. */
export interface ConcurrencyLimit {
  /** A place, to be given back by calling it; undefined when all are taken. */
  take(): (() => void) | undefined;
}

export function createConcurrencyLimit(most: number): ConcurrencyLimit {
  let taken = 0;
  return {
    take: () => {
      if (taken >= most) return undefined;
      taken += 1;
      let given = false;
      return () => {
        if (!given) taken -= 1;
        given = true;
      };
    },
  };
}
