/** Axes: which values and times get a tick, and where a value lies. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const TIME_STEPS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
] as const;

/** Maps `domain` linearly to `range`; a domain without width maps to the middle. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]) {
  const [low, high] = domain;
  const [from, to] = range;
  return (value: number): number =>
    high > low ? from + ((value - low) / (high - low)) * (to - from) : (from + to) / 2;
}

/** Round times between two, at most `most` of them. */
export function timeTicks(from: number, to: number, most: number): number[] {
  const span = to - from;
  const day = 24 * HOUR;
  const step = TIME_STEPS.find((size) => span / size <= most) ?? Math.ceil(span / most / day) * day;
  return ticksOf(step, from, to);
}

/** Round values between two, about `about` of them: steps of 1, 2, 2.5 or 5 times a power of ten. */
export function valueTicks(low: number, high: number, about: number): number[] {
  const rough = (high - low) / about;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5, 10].find((size) => size * power >= rough) ?? 10;
  return ticksOf(factor * power, low, high);
}

function ticksOf(step: number, from: number, to: number): number[] {
  const first = Math.ceil(from / step);
  const count = Math.min(50, Math.max(0, Math.floor(to / step) - first + 1));
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}
