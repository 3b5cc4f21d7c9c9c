/** A message book in memory; with `broken`, one whose store is gone. */
import type { MessageBook } from "../../src/domain/ports.ts";
import type { StatusUpdate } from "../../src/notification/ports.ts";
import { resolvedIncident } from "../samples/incidents.ts";

export function memoryBook(kept: Record<string, Record<string, string>> = {}, broken = false): MessageBook {
  return {
    messagesOf: async (id) => {
      if (broken) throw new Error("no store");
      return { ...kept[id] };
    },
    noteIncidentMessage: async (id, name, reference) => {
      if (broken) throw new Error("no store");
      kept[id] = { ...kept[id], [name]: reference };
    },
  };
}

/** A moment of an incident's story. */
export function moment(over: Partial<StatusUpdate> = {}): StatusUpdate {
  const incident = resolvedIncident();
  return {
    name: "opened",
    kind: "incident-opened",
    at: incident.openedAt,
    incident: { ...incident, status: "open" },
    needsPerson: false,
    ...over,
  };
}

export const closing = (over: Partial<StatusUpdate> = {}): StatusUpdate =>
  moment({ name: "closed", kind: "incident-closed", incident: resolvedIncident(), ...over });
