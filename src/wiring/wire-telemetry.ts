/** Config -> telemetry. Loads nothing that is not configured. */
import { createTraces } from "../adapters/otel/traces.ts";
import type { Logger, Telemetry } from "../domain/ports.ts";
import { VERSION } from "../version.ts";
import type { Config } from "./config.ts";

/** `metrics`, and traces where an endpoint is named. What fails is logged and disturbs nobody. */
export function wireTelemetry(
  { traces, model }: Pick<Config, "traces" | "model">,
  metrics: readonly (Telemetry | undefined)[],
  logger: Logger,
): Telemetry {
  const all = metrics.flatMap((one) => one ?? []);
  if (traces) all.push(createTraces({ requestModel: model.slugs[0] ?? "unknown", version: VERSION }));
  return {
    observe: async (...happened) => {
      const told = await Promise.allSettled(all.map(async (one) => one.observe(...happened)));
      for (const one of told) {
        if (one.status === "fulfilled") continue;
        const { reason } = one;
        logger.warn("telemetry-failed", { error: reason instanceof Error ? reason.message : String(reason) });
      }
    },
  };
}
