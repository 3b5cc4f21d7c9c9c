/** Places for bodies that are being read: a slow one makes room for the next, so that it keeps nobody out. */

/** Milliseconds in which a sender on the internet has sent a body of a megabyte; one that takes longer may be cut off. */
const SLOW_AFTER_MS = 250;

export interface ReadingSlot {
  /** Aborted when the place is given to another. */
  readonly cutOff: AbortSignal;
  /** Says that the body is here: from now on the place is kept until it is given back. */
  read(): void;
  /** Gives the place back; nothing the second time. */
  free(): void;
}

export interface ReadingSlots {
  /** A place; undefined when all are taken and nobody who holds one is slow. */
  take(): ReadingSlot | undefined;
}

/** At most `most` places. `now` in milliseconds, of a clock that nobody sets. */
export function createReadingSlots(most: number, now = () => performance.now()): ReadingSlots {
  const taken = new Set<object>();
  /** Bodies under way and when they began, oldest first. */
  const reading = new Map<object, { readonly since: number; readonly cutOff: AbortController }>();
  const makeRoom = (): boolean => {
    const [oldest] = reading;
    if (oldest === undefined || now() - oldest[1].since < SLOW_AFTER_MS) return false;
    const [place, { cutOff }] = oldest;
    reading.delete(place);
    taken.delete(place);
    cutOff.abort();
    return true;
  };
  return {
    take: () => {
      if (taken.size >= most && !makeRoom()) return undefined;
      const place = {};
      const cutOff = new AbortController();
      taken.add(place);
      reading.set(place, { since: now(), cutOff });
      return {
        cutOff: cutOff.signal,
        read: () => void reading.delete(place),
        free: () => {
          reading.delete(place);
          taken.delete(place);
        },
      };
    },
  };
}
