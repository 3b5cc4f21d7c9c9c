import { z } from "zod";

const ThrottleRuleSchema = z.strictObject({
  service: z.string(),
  operations: z.array(z.string()).min(1),
  burst: z.number().nonnegative(),
  perSecond: z.number().nonnegative(),
});

/** A fault rule as scenarios and the control API write it. */
export const FaultRuleSchema = z.strictObject({
  operation: z.string(),
  service: z.string().optional(),
  times: z.int().positive().optional(),
  share: z.number().positive().max(1).optional(),
  error: z
    .strictObject({ code: z.string(), message: z.string().optional(), status: z.int().optional() })
    .optional(),
  delayMs: z.number().nonnegative().optional(),
  jitterMs: z.number().nonnegative().optional(),
  drop: z.enum(["before", "after"]).optional(),
});

/** How the AWS endpoint behaves; by default it never throttles, fails or lags. */
export const WireConditions = z.strictObject({
  /** `aws`: at the rates that AWS publishes; else token buckets of the scenario's own. */
  throttling: z.union([z.literal("aws"), z.array(ThrottleRuleSchema)]).default([]),
  faults: z.array(FaultRuleSchema).default([]),
  /** How far reads of ECS lag behind writes. */
  staleReadsSeconds: z.number().min(0).max(60).default(0),
});
export type WireConditions = z.infer<typeof WireConditions>;
