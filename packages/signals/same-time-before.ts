import { z } from "zod";
import { median } from "./order-statistics.ts";
import type { Point } from "./point.ts";

/** How far a series went at the same time before, as a share of how far it has gone now, 0 to 1. */
export const SameTimeBefore = z.object({
  /** How many of the seven days before have points at this time. */
  days: z.number().int(),
  /** The median of these days. */
  share: z.number(),
  hourAgo: z.number().optional(),
  dayAgo: z.number().optional(),
  weekAgo: z.number().optional(),
});

export type SameTimeBefore = z.infer<typeof SameTimeBefore>;

/** A departure to compare, epoch milliseconds and the metric's unit. */
export interface ComparedDeparture {
  readonly from: number;
  readonly to: number;
  readonly baseline: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS = [1, 2, 3, 4, 5, 6, 7];

/**
 * Compares a departure with the same time an hour, a day, ... seven days before: a nightly job or a morning's traffic
 * went as far then. Of each time before, the level is that of the stretch as long, begun up to an hour sooner or later,
 * that went furthest the same way; an hour ago is compared without that freedom. No verdict: a true fault can look like
 * what is usual.
 * @param points of the last seven days, of one period throughout
 * @returns undefined without points of the departure, or of any day before
 */
export function sameTimeBefore(
  points: readonly Point[],
  { from, to, baseline }: ComparedDeparture,
): SameTimeBefore | undefined {
  const inside = (start: number, end: number) => points.filter(({ t }) => t >= start && t < end);
  const levelOf = (some: readonly Point[]) => median(some.map(({ v }) => v));
  const now = inside(from, to);
  const height = levelOf(now) - baseline;
  if (now.length === 0 || height === 0) return undefined;
  const shareAt = (before: number, freedom: number): number | undefined => {
    const around = inside(from - before - freedom, to - before + freedom);
    if (around.length < now.length) return undefined;
    const stretches = around
      .slice(0, around.length - now.length + 1)
      .map((_, index) => around.slice(index, index + now.length));
    const furthest = Math.max(...stretches.map((stretch) => (levelOf(stretch) - baseline) / height));
    return Math.min(1, Math.max(0, furthest));
  };
  const shares = DAYS.map((day) => shareAt(day * DAY, HOUR));
  const known = shares.filter((share) => share !== undefined);
  const hourAgo = to - from > HOUR ? undefined : shareAt(HOUR, 0);
  const [dayAgo, weekAgo] = [shares[0], shares[6]];
  if (known.length === 0 && hourAgo === undefined) return undefined;
  return {
    days: known.length,
    share: median(known),
    ...(hourAgo === undefined ? {} : { hourAgo }),
    ...(dayAgo === undefined ? {} : { dayAgo }),
    ...(weekAgo === undefined ? {} : { weekAgo }),
  };
}
