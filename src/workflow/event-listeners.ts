/** Who hears of events in the process in which they happen: the log, a live view, the agent's own measurements. */
import { textOf } from "../domain/incident/event-text.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { IncidentEvent } from "../domain/incident/incident-event.ts";
import type { StageTime } from "../domain/ports.ts";
import type { IngestionDependencies } from "./dependencies.ts";

/** Called inside the step in which the events happened, so that a replay counts and shows nothing twice. */
export function happenedIn({ logger, listener, telemetry }: IngestionDependencies) {
  return async (
    events: readonly IncidentEvent[],
    incident: Incident,
    stages: readonly StageTime[],
  ): Promise<void> => {
    for (const event of events) {
      const { event: name, detail } = textOf(event);
      logger.info("incident-event", { kind: event.kind, event: name, detail });
      listener?.(event, incident);
      if (event.kind === "opened" && event.alert.state === "ALARM") telemetry?.opened(incident);
      if (event.kind === "closed" && event.again !== true) await telemetry?.closed(incident, stages);
    }
  };
}
