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
});

export type SeriesSummary = z.infer<typeof SeriesSummary>;
