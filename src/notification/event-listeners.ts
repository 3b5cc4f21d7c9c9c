/** Who hears of events in the process in which they happen: the log, a live view, metrics and traces. */
import { textOf } from "../domain/incident/event-text.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import type { IngestionDependencies } from "../workflow/dependencies.ts";

/**
 * Hands on what happened in one step; `incident` is the record after it, `history` every event of the incident up to the
 * step's last. Called inside the step, so that a replay counts and shows nothing twice. Never throws for a listener.
 */
export function happenedIn({ logger, listener, telemetry }: IngestionDependencies) {
  return async (
    events: readonly IncidentEvent[],
    incident: Incident,
    history: readonly IncidentEvent[],
  ): Promise<void> => {
    for (const event of events) {
      const { event: name, detail } = textOf(event);
      logger.info("incident-event", { kind: event.kind, event: name, detail });
      try {
        listener?.(event, incident);
      } catch {
        // A closed terminal is nobody's incident.
      }
      await telemetry?.observe(event, incident, history);
    }
  };
}
