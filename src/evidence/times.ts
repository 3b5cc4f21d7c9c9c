/** Times as the statements of facts show them. */

/** `07:01:05` in UTC. */
export function clock(time: string | number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? "an unknown time" : date.toISOString().slice(11, 19);
}

/**
 * Returns the seconds from `time` to `moment` (epoch milliseconds), negative when `time` came after; undefined for an
 * invalid time.
 */
export function secondsBefore(time: string | undefined, moment: number): number | undefined {
  const seconds = Math.round((moment - Date.parse(time ?? "")) / 1000);
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** Formats a number of seconds for people: `45 s`, `12 min`, `3.5 h`. */
export function span(seconds: number): string {
  const positive = Math.abs(seconds);
  if (positive < 120) return `${Math.round(positive)} s`;
  if (positive < 7200) return `${Math.round(positive / 60)} min`;
  return `${(positive / 3600).toFixed(1)} h`;
}

/** Formats a number with as many digits as matter. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return size >= 1 ? value.toFixed(1) : value.toFixed(3);
}
