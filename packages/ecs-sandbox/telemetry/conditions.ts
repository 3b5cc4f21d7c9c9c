import { z } from "zod";

const Seconds = z.number().min(0).max(3_600);

/** Samples that never arrive. Without a name every metric of the namespace is meant, without dimensions all. */
const VanishingMetric = z.strictObject({
  namespace: z.string(),
  name: z.string().optional(),
  dimensions: z.record(z.string(), z.string()).default({}),
});
export type VanishingMetric = z.infer<typeof VanishingMetric>;

const MetricConditions = z.strictObject({
  /** AWS promises no bound; seconds are usual and minutes happen. */
  delaySeconds: Seconds.default(0),
  vanish: z.array(VanishingMetric).default([]),
});
export type MetricConditions = z.infer<typeof MetricConditions>;

/** How SNS delivers. A copy has the message id of the first; messages held for reordering come newest first. */
const NotificationConditions = z.strictObject({
  copies: z.int().min(1).max(10).default(1),
  copyAfterSeconds: Seconds.default(1),
  delaySeconds: Seconds.default(0),
  reorderSeconds: Seconds.default(0),
});
export type NotificationConditions = z.infer<typeof NotificationConditions>;

/** What goes wrong between a measurement and its reader; by default nothing does. */
export const TelemetryConditions = z.strictObject({
  metrics: MetricConditions.prefault({}),
  logs: z.strictObject({ delaySeconds: Seconds.default(0) }).prefault({}),
  notifications: NotificationConditions.prefault({}),
  /** Whether the functions get the state changes of all alarms too, as a rule on the event bus would send them. */
  alarmEvents: z.boolean().default(false),
});
export type TelemetryConditions = z.infer<typeof TelemetryConditions>;
