import { matchesOperation } from "./fault-rules.ts";

/**
 * A token bucket: its operations share `burst` tokens, refilled at `perSecond`, and one call takes one token.
 * Operations are names or beginnings with `*`.
 */
export interface ThrottleRule {
  readonly service: string;
  readonly operations: readonly string[];
  readonly burst: number;
  readonly perSecond: number;
}

/** The throttling of one wire server; without rules nothing is throttled. */
export interface Throttles {
  set(rules: readonly ThrottleRule[]): void;
  /** Takes a token; false when there is none, and the call must be refused. */
  admit(service: string, operation: string): boolean;
}

interface Bucket {
  readonly rule: ThrottleRule;
  tokens: number;
  filledAt: number;
}

/** Token buckets, full at first. `now` answers milliseconds. */
export function createThrottles(now: () => number): Throttles {
  let buckets: Bucket[] = [];

  function refill(bucket: Bucket): void {
    const at = now();
    const { burst, perSecond } = bucket.rule;
    bucket.tokens = Math.min(burst, bucket.tokens + ((at - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = at;
  }

  return {
    set(rules) {
      buckets = rules.map((rule) => ({ rule, tokens: rule.burst, filledAt: now() }));
    },
    admit(service, operation) {
      const bucket = buckets.find(
        ({ rule }) =>
          rule.service === service && rule.operations.some((pattern) => matchesOperation(pattern, operation)),
      );
      if (bucket === undefined) return true;
      refill(bucket);
      if (bucket.tokens < 1) return false;
      bucket.tokens -= 1;
      return true;
    },
  };
}
