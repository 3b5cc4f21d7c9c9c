/** What waits for a channel, as a fold over the events of its delivery. Pure. */
import type { Incident } from "./incident.ts";
import type { EventOf } from "./incident-event.ts";

/** What the texts of all status updates begin with: the next words name the moment. */
export const STATUS_UPDATE = "status update";

interface Named {
  readonly channel: string;
  readonly what?: string | undefined;
}

const isSame = (one: Named, other: Named) => one.channel === other.channel && one.what === other.what;

/** The record while a channel has not taken something. */
export function delayed(record: Incident, event: EventOf<"delivery-delayed">): Incident {
  const { undelivered = [] } = record;
  if (undelivered.some((one) => isSame(one, event))) return record;
  const { channel, what, at: since, failure } = event;
  return { ...record, undelivered: [...undelivered, { channel, what, since, reason: failure.message }] };
}

/** The record once a channel has taken something, for itself or in place of another. */
export function delivered(record: Incident, event: EventOf<"notified">): Incident {
  const { channel, what, insteadOf } = event;
  if (insteadOf === undefined) return taken(record, event);
  const { undelivered } = record;
  if (undelivered === undefined) return record;
  return {
    ...record,
    undelivered: undelivered.map((one) =>
      isSame(one, { channel: insteadOf, what }) ? { ...one, toldBy: channel } : one,
    ),
  };
}

/** The record once nothing of that name waits for the channel any more. */
export function taken(record: Incident, event: Named): Incident {
  const { undelivered, ...rest } = record;
  if (undelivered === undefined) return record;
  const left = undelivered.filter((one) => !isSame(one, event));
  return left.length === 0 ? rest : { ...rest, undelivered: left };
}
