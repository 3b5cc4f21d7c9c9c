const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;

/**
 * Returns the milliseconds of a Retry-After header; undefined when absent or unreadable.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after (seconds, or an HTTP date)
 */
export function retryAfterMs(header: string | null, now = Date.now()): number | undefined {
  const value = header?.trim();
  if (!value) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1_000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Returns the milliseconds to wait after the given attempt (1 is the first): Retry-After, else exponential. */
export function waitBefore(attempt: number, asked: number | undefined): number {
  return asked ?? Math.min(LONGEST_BACKOFF_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
}
