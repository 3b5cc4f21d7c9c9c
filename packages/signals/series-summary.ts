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
  onset: z.iso.datetime().optional(),
  direction: z.enum(["up", "down", "none"]),
  shape: z.enum(["flat", "ramp", "step", "spike", "unknown"]),
  slopePerMinute: z.number(),
});

export type SeriesSummary = z.infer<typeof SeriesSummary>;
