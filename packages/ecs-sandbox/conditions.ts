import { z } from "zod";
import { TelemetryConditions } from "./telemetry/conditions.ts";
import { WireConditions } from "./wire/conditions.ts";

/** What a scenario may make worse of the AWS around a service. Everything left out is as it should be. */
export const Conditions = WireConditions.extend(TelemetryConditions.shape).extend({
  /** Whether the functions get ECS' own events too, as a rule on the event bus would send them. */
  ecsEvents: z.boolean().default(false),
});
export type Conditions = z.infer<typeof Conditions>;
