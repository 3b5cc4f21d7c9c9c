/** Where the agent's own measurements go: metrics always, traces where an endpoint is named. */
import type { Logger, Telemetry } from "../pipeline/ports.ts";

/** All of them, side by side; one that fails is logged and disturbs nobody. */
export function wireTelemetry(first: Telemetry, logger: Logger, ...others: readonly Telemetry[]): Telemetry {
  const all = [first, ...others];
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
      const told = await Promise.allSettled(all.map(async (one) => one.closed(incident, stages)));
      for (const one of told) if (one.status === "rejected") failed(one.reason);
    },
  };
}
