/** What the events of one incident say, for what is kept beside them. */
import type { Incident } from "../../domain/incident/incident.ts";
import type {
  EventKind,
  EventOf,
  IncidentEvent,
  UnknownEvent,
} from "../../domain/incident/incident-event.ts";
import { foldEvents } from "../../domain/incident/incident-fold.ts";
import { attachedEvent } from "../../domain/incident/stored-event.ts";
import type { IncidentStore } from "../../domain/ports.ts";

export interface IncidentHistory {
  readonly id: string;
  readonly events: readonly (IncidentEvent | UnknownEvent)[];
  /** The record that the events make; undefined where they do not begin with one that is known. */
  readonly folded: Incident | undefined;
  readonly closed: boolean;
  of<K extends EventKind>(kind: K): readonly EventOf<K>[];
}

/** Reads the events of an incident. Alerts that joined and are no events yet count, as where the record is read. */
export async function readHistory(
  id: string,
  store: Pick<IncidentStore, "eventsOf" | "joined">,
): Promise<IncidentHistory> {
  const [events, joined] = [await store.eventsOf(id), await store.joined(id)];
  const base = foldEvents(undefined, events);
  const known = new Set((base?.joined ?? []).map(({ key }) => key));
  const attached = joined.filter(({ key }) => !known.has(key)).map((one) => attachedEvent(id, one));
  return {
    id,
    events,
    folded: base && (foldEvents(base, attached) ?? base),
    closed: events.some(({ kind }) => kind === "closed"),
    of: (kind) => events.filter((event): event is never => event.kind === kind),
  };
}
