/** Token buckets: so many requests at once, so many a second after that, for each name. */

export interface RateLimit {
  /** Whether there is still room for this name, without using any. */
  has(name: string): boolean;
  /** Uses one; false when there was none left. */
  take(name: string): boolean;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** More names than this are not told apart: the oldest is forgotten, and starts with a full bucket again. */
const MOST_NAMES = 10_000;

/** `now` in milliseconds. */
export function createRateLimit(
  { burst, perSecond }: { readonly burst: number; readonly perSecond: number },
  now: () => number,
): RateLimit {
  const buckets = new Map<string, Bucket>();
  const filled = (name: string): Bucket => {
    const at = now();
    const known = buckets.get(name);
    if (known === undefined) return { tokens: burst, at };
    const gained = (Math.max(0, at - known.at) / 1_000) * perSecond;
    return { tokens: Math.min(burst, known.tokens + gained), at };
  };
  return {
    has: (name) => filled(name).tokens >= 1,
    take: (name) => {
      const bucket = filled(name);
      const granted = bucket.tokens >= 1;
      // Put in anew, so that the first of the map is the one that was not heard of for longest.
      buckets.delete(name);
      buckets.set(name, { ...bucket, tokens: granted ? bucket.tokens - 1 : bucket.tokens });
      const [oldest] = buckets.keys();
      if (buckets.size > MOST_NAMES && oldest !== undefined) buckets.delete(oldest);
      return granted;
    },
  };
}
