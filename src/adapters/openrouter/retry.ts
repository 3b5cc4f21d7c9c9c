const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 8_000;

/** What `Retry-After` asks for, in milliseconds: seconds or a date. Undefined when absent, past or unreadable. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const milliseconds = /^\s*\d+(?:\.\d+)?\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(milliseconds) && milliseconds > 0 ? milliseconds : undefined;
}

/**
 * Milliseconds to wait after try number `attempt` (1, 2, ...): what the server asked for and a little more, else a
 * doubling wait with half of it left to chance ("equal jitter",
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function waitAfter(attempt: number, asked: number | undefined, random = Math.random): number {
  if (asked !== undefined) return asked + random() * Math.min(asked * 0.1, 1_000);
  const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
  return longest / 2 + (random() * longest) / 2;
}
