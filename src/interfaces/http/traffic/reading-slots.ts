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
  /** A place for a body of so many bytes, as far as that is said; undefined when all are taken and nobody is slow. */
  take(bytes?: number): ReadingSlot | undefined;
}

/** Bytes of an ordinary alarm with its signature, several times over. */
const SMALL_BYTES = 16 * 1_024;

/**
 * Places for small bodies beside those for all others: there can be many of them for the same memory, so that who opens
 * slow requests by the hundred a second takes the place of no ordinary alarm.
 */
export function createSlotsBySize(most: { readonly small: number; readonly large: number }): ReadingSlots {
  const [small, large] = [createReadingSlots(most.small), createReadingSlots(most.large)];
  return { take: (bytes) => (bytes !== undefined && bytes <= SMALL_BYTES ? small : large).take() };
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
