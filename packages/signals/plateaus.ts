import { levelNoise } from "./noise-scale.ts";
import type { Segment } from "./segments.ts";

/** A level nearer than this many noise deviations is the same level. */
export const SAME_LEVEL = 2.5;
/** A plateau of so many points knows its own noise better than the series' differences do. */
const OWN_NOISE = 10;
/** A segment of fewer points is a glitch, unless the series ends with it. */
const FEWEST_POINTS = 3;

/** A stretch of one level, glitches included, and the noise about it. */
export interface Plateau extends Segment {
  readonly noise: number;
}

/**
 * Neighbouring segments of the same level joined, and glitches joined to what precedes them. A plateau keeps the
 * level of its longest segment, so that a ramp's many small steps do not creep into one.
 */
export function plateaus(y: Float64Array, segments: readonly Segment[], noise: number): Plateau[] {
  const joined: { from: number; to: number; anchor: Segment }[] = [];
  for (const [index, segment] of segments.entries()) {
    const before = joined.at(-1);
    const size = segment.to - segment.from;
    const glitch = index === segments.length - 1 ? size < 2 : size < FEWEST_POINTS;
    if (before && (glitch || isSameLevel(y, before, segment, noise))) {
      before.to = segment.to;
      if (size > before.anchor.to - before.anchor.from) before.anchor = segment;
    } else joined.push({ from: segment.from, to: segment.to, anchor: segment });
  }
  return joined.map(({ from, to, anchor }) => ({
    from,
    to,
    level: anchor.level,
    noise: ownNoise(y, from, to) ?? noise,
  }));
}

function isSameLevel(
  y: Float64Array,
  before: { from: number; to: number; anchor: Segment },
  segment: Segment,
  noise: number,
): boolean {
  const least = Math.min(noise, ownNoise(y, before.from, before.to) ?? noise);
  return Math.abs(segment.level - before.anchor.level) <= SAME_LEVEL * least;
}

function ownNoise(y: Float64Array, from: number, to: number): number | undefined {
  return to - from < OWN_NOISE ? undefined : levelNoise(y.subarray(from, to));
}

/**
 * The plateau that the service was on before what it has now. The present plateau, back through every step in its
 * own direction, is set aside; the first of what remains is the normal one unless another level was held more than
 * twice as long. A level that comes back counts all its points.
 */
export function normalPlateau(
  all: readonly Plateau[],
  noise: number,
  goodDirection: "low" | "high" | undefined,
): Plateau | undefined {
  const candidates = all.filter((one) => one.to - one.from >= FEWEST_POINTS);
  const first = candidates[0];
  if (!first) return all[0];
  const present = startOfPresent(all);
  const heldFor = (level: number, before: number) =>
    all
      .filter((one) => one.from < before && Math.abs(one.level - level) <= SAME_LEVEL * noise)
      .reduce((sum, one) => sum + one.to - one.from, 0);
  const most = candidates
    .filter((one) => one.from < present)
    .reduce((best, one) => (heldFor(one.level, present) > heldFor(best.level, present) ? one : best), first);
  if (heldFor(most.level, present) > 2 * heldFor(first.level, Number.POSITIVE_INFINITY)) return most;
  if (!goodDirection || heldFor(most.level, present) < heldFor(first.level, present)) return first;
  return most.level > first.level === (goodDirection === "high") ? most : first;
}

/** Where the present began: the last plateau, extended back while the levels moved the same way. */
function startOfPresent(all: readonly Plateau[]): number {
  const rise = (at: number) => Math.sign((all[at]?.level ?? 0) - (all[at - 1]?.level ?? 0));
  let index = all.length - 1;
  const direction = rise(index);
  while (index > 1 && rise(index - 1) === direction && (all[index - 1]?.from ?? 0) >= FEWEST_POINTS) index--;
  return all[index]?.from ?? 0;
}
