/** Config -> telemetry. Loads nothing that is not configured. */
import { createTraces } from "../adapters/otel/traces.ts";
import type { Logger, Telemetry } from "../domain/ports.ts";
import { VERSION } from "../version.ts";
import type { Config } from "./config.ts";

/** Traces where an endpoint is set, in addition to `metrics`. Failures are logged and affect no incident. */
export function wireTelemetry(
  { traces, model }: Pick<Config, "traces" | "model">,
  metrics: Telemetry | undefined,
  logger: Logger,
): Telemetry | undefined {
  const all: Telemetry[] = metrics === undefined ? [] : [metrics];
  if (traces) all.push(createTraces({ requestModel: model.slugs[0] ?? "unknown", version: VERSION }));
  if (all.length === 0) return undefined;
  const failed = (error: unknown) =>
    logger.warn("telemetry-failed", { error: error instanceof Error ? error.message : String(error) });
  return {
    opened: (incident) => {
      for (const one of all) {
        try {
          one.opened(incident);
        } catch (error) {
          failed(error);
        }
      }
    },
    closed: async (incident, stages) => {
      const results = await Promise.allSettled(all.map(async (one) => one.closed(incident, stages)));
      for (const one of results) if (one.status === "rejected") failed(one.reason);
    },
  };
}
