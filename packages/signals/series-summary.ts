import { z } from "zod";

/** A metric's shape: levels in the metric's unit, times ISO 8601, `slopePerMinute` in units a minute. */
export const SeriesSummary = z.object({
  count: z.number().int(),
  first: z.iso.datetime(),
  last: z.iso.datetime(),
  baseline: z.number(),
  current: z.number(),
  min: z.number(),
  max: z.number(),
  /** When a departure began that is not the healthy way. */
  onset: z.iso.datetime().optional(),
  /** When the series changed, for better or worse. */
  changedAt: z.iso.datetime().optional(),
  direction: z.enum(["up", "down", "none"]),
  shape: z.enum(["flat", "ramp", "step", "spike", "unknown"]),
  slopePerMinute: z.number(),
  /**
   * A lasting rise or fall beyond chance, whatever its size: since when, and true where it began before the series did.
   * Absent where there is none, and where there are too few points to tell.
   */
  trend: z
    .object({
      direction: z.enum(["up", "down"]),
      since: z.iso.datetime(),
      older: z.boolean(),
      perMinute: z.number(),
    })
    .optional(),
  /**
   * Ramps broken by sudden returns, as of a garbage collector or of a leak with restarts: the level before and after a
   * return (medians), since when there are returns, and whether the level after them moves on as the teeth do
   * (not known of fewer than three).
   */
  teeth: z
    .object({
      peak: z.number(),
      floor: z.number(),
      floorMoves: z.boolean().optional(),
      since: z.iso.datetime(),
    })
    .optional(),
  /** The share of its departure that the series has lost again by itself, 0 to 1; absent where it has not moved back. */
  receding: z.number().optional(),
});

export type SeriesSummary = z.infer<typeof SeriesSummary>;
